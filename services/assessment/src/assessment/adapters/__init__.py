"""Where this service meets the database, the event log, the web and the makers of certificates."""
