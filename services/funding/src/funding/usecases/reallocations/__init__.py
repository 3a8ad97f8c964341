"""Moving free money between sessions and categories of one fund."""
