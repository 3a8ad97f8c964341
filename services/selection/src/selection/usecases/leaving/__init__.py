"""Leaving at every stage, and the process of a vacated place: who is asked, who takes it, when it ends."""
