"""Pairing schemes of two-way secondments: which place sends to which, for how long, into which posts (W-01 to W-11)."""
