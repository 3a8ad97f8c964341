"""Balancing when the quotas cross each other: linear duals, a small exact search, and a certificate anyone can check."""
