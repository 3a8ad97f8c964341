"""Agreements on the wire."""
