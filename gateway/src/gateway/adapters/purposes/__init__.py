"""The log of who read personal data for what, put together from the services; docs/decisions/0042-purpose-log.md."""
