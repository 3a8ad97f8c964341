"""Sheets of selection: columns of a call, the import in chunks, exports."""
