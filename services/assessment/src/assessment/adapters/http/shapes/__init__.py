"""What goes over the wire: request bodies and representations."""
