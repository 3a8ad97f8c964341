"""Approvals: who must sign what moves money, computed so that splitting does not lower the tier (F-03)."""
