"""Tables, unit of work, ledger and queries on PostgreSQL."""
