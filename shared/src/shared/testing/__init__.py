"""Test support: a real PostgreSQL, a migrated service behind its real routes, actors with real tokens."""
