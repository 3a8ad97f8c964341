"""The data-sharing catalogue and the requests to correct what is shared."""
