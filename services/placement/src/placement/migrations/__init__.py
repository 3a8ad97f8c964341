"""Migrations of placement's database, inside the package so that the wheel can migrate itself."""
