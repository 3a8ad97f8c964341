"""Two at once on every arrow: a module of recipes per noun."""
