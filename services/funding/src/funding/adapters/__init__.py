"""Where funding meets the database, the event log and HTTP."""
