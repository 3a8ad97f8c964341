"""Tiered accreditation of people, and the talent cards that come with it (T-02, T-03)."""
