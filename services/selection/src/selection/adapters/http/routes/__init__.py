"""The routes of selection, one module per noun."""
