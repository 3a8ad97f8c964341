"""Balancing: the exact best choice under a tree of quotas, and why (S-06)."""
