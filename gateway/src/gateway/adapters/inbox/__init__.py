"""What waits for a caller, asked of the services at the moment of asking; docs/decisions/0035-inbox-and-own-writes.md."""
