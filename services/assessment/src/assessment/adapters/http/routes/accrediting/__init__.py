"""Routes of accreditations, talent cards and their catalogue."""
