"""People arrive by spreadsheet: start, check rows, apply them, take an application over."""
