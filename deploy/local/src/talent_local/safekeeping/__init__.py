"""Keeping what is stored: backups with their log of changes, restoring them, and filling a lost event log again."""
