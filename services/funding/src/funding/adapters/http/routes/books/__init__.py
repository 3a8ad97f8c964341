"""Routes of the ledger and what is read off it."""
