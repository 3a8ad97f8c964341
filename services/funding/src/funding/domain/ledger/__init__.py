"""Double entry: accounts, entries whose postings sum to zero, and the book that refuses what must not be."""
