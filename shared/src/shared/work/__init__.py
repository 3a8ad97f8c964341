"""The unit of work on PostgreSQL: state, outbox, audit and idempotency record in one transaction."""
