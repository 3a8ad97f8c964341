"""The term: arrival, changes, end, return."""
