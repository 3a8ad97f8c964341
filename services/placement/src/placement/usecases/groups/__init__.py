"""Study groups and their reports."""
