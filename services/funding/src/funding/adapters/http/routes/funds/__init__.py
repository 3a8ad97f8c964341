"""Routes of funds, budgets and who may move what."""
