"""The application and what belongs to it: lifecycle, form, recommendation (S-03, S-04)."""
