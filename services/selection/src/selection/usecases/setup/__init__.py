"""Organisations, policies, batches, sessions, calls."""
