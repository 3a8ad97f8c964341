"""Webhooks: subscriptions, retries, and the addresses that may be spoken to."""
