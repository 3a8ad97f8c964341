"""The tamper-evident audit trail: a Merkle tree over the entries, signed checkpoints, proofs (RFC 6962, RFC 9162)."""
