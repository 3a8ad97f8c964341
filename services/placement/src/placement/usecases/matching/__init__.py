"""Matching runs and proposals by hand."""
