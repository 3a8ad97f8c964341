"""Verifiable credentials as plumbing: keys, proofs, status lists, and checking all of it without a network."""
