"""Offers of places."""
