"""Objections to decisions: what may be objected to, until when, by whom it is decided."""
