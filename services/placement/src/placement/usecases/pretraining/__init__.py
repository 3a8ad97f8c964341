"""Training before the departure."""
