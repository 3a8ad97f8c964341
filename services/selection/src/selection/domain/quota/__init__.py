"""Places of a session counted along the quota tree: seats reserved and used, never more than there are (P-02, S-06)."""
