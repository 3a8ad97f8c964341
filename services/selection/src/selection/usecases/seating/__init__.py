"""Seats of the quota tree: reserving, releasing, expiring, using."""
