"""Short classes on the wire."""
