"""Between the database and the event log: relay, consumer with exactly-once effect, parking, due clock, worker."""
