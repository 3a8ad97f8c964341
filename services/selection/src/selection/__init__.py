"""Selection: from a call to a fixed, filed roster."""
