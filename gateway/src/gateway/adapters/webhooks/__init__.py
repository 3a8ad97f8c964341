"""Webhooks: signing, sending within the address rules, and the courier that keeps the order."""
