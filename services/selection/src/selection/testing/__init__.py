"""What the tests of selection share: the counters of the quota tree in memory."""
