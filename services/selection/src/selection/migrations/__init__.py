"""The schema of this service, step by step."""
