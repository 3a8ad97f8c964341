"""Fuzzing the published contract: who asks, which ids exist, what is sent, what was found (decision 0037)."""
