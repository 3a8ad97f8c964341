"""Tasks of sector departments."""
