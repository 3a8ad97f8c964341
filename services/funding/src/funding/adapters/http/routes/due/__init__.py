"""Routes of what waits for whom in money matters."""
