"""Routes of short classes, a router per noun."""
