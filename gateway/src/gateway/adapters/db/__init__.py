"""PostgreSQL: tables, the feed and the journeys."""
