"""The placement of one person: case, host, term, segments and its end."""
