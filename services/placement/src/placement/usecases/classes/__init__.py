"""Use cases of short classes, one function per request."""
