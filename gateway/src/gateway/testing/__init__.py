"""Test support: made-up cohorts of events, a door on a socket, stand-ins for what is behind it."""
