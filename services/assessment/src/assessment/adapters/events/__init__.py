"""The edge to the event log: facts become published events, other services' events become use cases."""
