"""How placement meets database, events and web."""
