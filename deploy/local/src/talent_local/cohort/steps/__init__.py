"""The steps of the road in the order of a person's way, one module per stretch."""
