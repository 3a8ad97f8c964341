"""What follows from events, withdrawals and the calendar: the process manager of a participation."""
