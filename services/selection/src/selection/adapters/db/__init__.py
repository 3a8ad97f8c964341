"""PostgreSQL: tables, the unit of work, reads."""
