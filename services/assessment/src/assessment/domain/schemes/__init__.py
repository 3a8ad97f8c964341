"""Schemes as versioned data."""
