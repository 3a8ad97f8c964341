"""Matching trainees to places: integer arrays, no I/O, the same answer from the same input."""
