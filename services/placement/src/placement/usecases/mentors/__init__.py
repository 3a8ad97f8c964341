"""Mentors of placements."""
