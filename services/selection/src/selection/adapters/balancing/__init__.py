"""Balancing in a process of its own: the API stays quick and small, the solver is gone when the answer is there."""
