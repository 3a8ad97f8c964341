"""Sheets of placement: columns as data, rows into entries, problems by the address of the cell."""
