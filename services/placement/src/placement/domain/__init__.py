"""The rules of placement: plain dataclasses, no web, database, broker or clock."""
