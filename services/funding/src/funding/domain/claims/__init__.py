"""Reimbursement: what a claim may be for, up to which ceiling, and its way to the money (F-04)."""
