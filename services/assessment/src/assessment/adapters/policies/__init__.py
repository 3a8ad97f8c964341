"""The published JSON Schema of this service's policies."""
