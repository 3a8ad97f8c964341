"""Requests and representations of selection."""
