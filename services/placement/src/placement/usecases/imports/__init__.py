"""Sheets that are taken in by a job."""
