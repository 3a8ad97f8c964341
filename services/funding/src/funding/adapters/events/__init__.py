"""Facts become contracts, contracts become use cases."""
