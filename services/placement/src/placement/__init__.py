"""Placement: from a selected person to a served term and the return home."""
