"""Seats and counters of quota nodes in PostgreSQL."""
