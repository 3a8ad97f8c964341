"""What events do to the money of a participation."""
