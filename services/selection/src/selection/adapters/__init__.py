"""The edges of selection: database, events, web."""
