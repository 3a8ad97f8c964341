"""The routes of placement, noun by noun."""
