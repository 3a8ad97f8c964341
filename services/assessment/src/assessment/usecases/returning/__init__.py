"""What follows the return: achievements, follow-ups, alumni links."""
