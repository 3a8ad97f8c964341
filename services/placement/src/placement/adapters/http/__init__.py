"""Placement on the web."""
