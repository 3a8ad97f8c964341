"""The tables of this service, its unit of work and its reading queries."""
