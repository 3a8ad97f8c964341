"""How much one client may ask, by kind of way; docs/decisions/0034-limits.md."""
