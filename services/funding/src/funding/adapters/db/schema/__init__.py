"""The tables of funding, by noun."""
