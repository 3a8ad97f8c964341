"""Sharing of data between authorities: the catalogue, and requests to correct what is shared."""
