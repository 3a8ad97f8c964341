"""Placement on PostgreSQL."""
