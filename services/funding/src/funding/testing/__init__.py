"""Test support: the unit of work in memory and builders that read as phrases."""
