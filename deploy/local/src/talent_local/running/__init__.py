"""Processes of the platform on one machine: which there are, and how they start, stay up and stop."""
