"""Panel, score sheets, classification."""
