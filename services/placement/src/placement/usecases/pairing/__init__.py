"""Pairing rules on the way to a host, and what a secondment is linked with."""
