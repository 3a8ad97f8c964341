"""Definitions that lie beside the code, and the numbers that statistics are computed from."""
