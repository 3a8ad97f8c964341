"""Eligibility, applications, recommendations, local review."""
