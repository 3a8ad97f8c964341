"""Budgets, their approval and allocation."""
