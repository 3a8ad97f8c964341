"""Batches, sessions, calls (P-01, P-02, S-02)."""
