"""Policies are handed in as data."""
