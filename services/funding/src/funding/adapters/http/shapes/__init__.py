"""Requests and representations of funding."""
