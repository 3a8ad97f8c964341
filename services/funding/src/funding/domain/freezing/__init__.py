"""Freezing: the finance authority stops money wherever it stands (F-07)."""
