"""From a proposal to a fixed, filed, amended roster (S-06, S-07)."""
