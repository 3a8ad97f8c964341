"""The single-machine deployment: it starts the platform as processes and imports none of them."""
