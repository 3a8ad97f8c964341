"""Where a participation's money should stand: its story, what it is entitled to, the position and the adjustment."""
