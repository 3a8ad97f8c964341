"""Shapes of what follows the return."""
