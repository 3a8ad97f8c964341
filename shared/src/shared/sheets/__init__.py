"""Spreadsheets at the edge: columns as data, safe writing, guarded reading, annotated answers (adapters only)."""
