"""Funds, grants and accounting months."""
