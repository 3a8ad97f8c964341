"""Obligations as calendars that calendar programmes read (RFC 5545)."""
