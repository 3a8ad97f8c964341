"""Archives and figures: read from the things themselves, whatever their state (D-08, M-03)."""
