"""Funding: earmarked money that cannot go astray (F-01 … F-07)."""
