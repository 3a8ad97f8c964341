"""The rules of the money: ledger, funds, budgets, payment plans. Pure Python, integer fen, nothing from outside."""
