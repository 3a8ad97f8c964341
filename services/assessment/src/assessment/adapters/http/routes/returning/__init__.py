"""Routes of what follows the return: achievements, follow-ups, alumni links, obligations, outcomes."""
