"""Shapes of panels and their deliberation."""
