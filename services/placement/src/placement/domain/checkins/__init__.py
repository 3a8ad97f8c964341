"""Welfare check-ins: needs only, the person's own, an input to no decision (D-04, domain.md 7.4)."""
