"""Balancing, roster, filing."""
