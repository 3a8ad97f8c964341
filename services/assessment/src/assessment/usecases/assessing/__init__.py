"""From evidence to a confirmed result, and what an appeal changes."""
