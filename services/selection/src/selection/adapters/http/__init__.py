"""The web face of selection."""
