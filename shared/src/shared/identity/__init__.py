"""Who speaks between gateway and services: internal tokens, and calls in a service's own name."""
