"""Facts to contracts, contracts to use cases."""
