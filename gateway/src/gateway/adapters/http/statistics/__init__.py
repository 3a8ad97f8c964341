"""Statistics: the registry of definitions, their values, and the observations that are loaded for them."""
