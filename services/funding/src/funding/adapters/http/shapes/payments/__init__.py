"""Shapes of who is paid, and for what."""
