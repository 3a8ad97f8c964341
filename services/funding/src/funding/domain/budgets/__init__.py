"""Where money comes from: funds, budgets and what they allocate to a session."""
