"""Applications that a unit or an authority registers from a sheet: rows, their problems, the registration."""
