"""The routes of this service, a module per noun."""
