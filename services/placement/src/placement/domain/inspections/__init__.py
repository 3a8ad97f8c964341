"""Inspections of the delivery of training (D-03)."""
