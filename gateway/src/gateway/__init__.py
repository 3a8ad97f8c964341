"""The one door: routes, authenticates, composes reads and offers the events; it holds no rule of any service."""
