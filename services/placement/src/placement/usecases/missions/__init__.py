"""Use cases of expert missions, one function per request."""
