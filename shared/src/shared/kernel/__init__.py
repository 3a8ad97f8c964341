"""Pure building blocks of every domain: no web, database, broker, clock or random source."""
