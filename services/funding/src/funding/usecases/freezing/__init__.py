"""Stopping money and letting it go on."""
