"""The rules of selection as plain Python: no web, database, broker, clock or random source."""
