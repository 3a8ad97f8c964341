"""Alembic revisions of funding's own database."""
