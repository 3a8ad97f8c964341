"""Eligibility: rules with a modality over typed facts (domain.md 1.2)."""
