"""Statistics: typed quantities, a closed set of formulas, definitions that are data, and cells too small to be shown."""
