"""Shapes of the year at the host."""
