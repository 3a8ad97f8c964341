"""The metadata of this service and the columns that its tables are made of."""

from __future__ import annotations

from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.tables import service_metadata

metadata = service_metadata()


def text_of(name: str, *, nullable: bool = False) -> Column[str]:
    """A column of text."""
    return Column(name, Text, nullable=nullable)


def json_of(name: str, *, nullable: bool = False) -> Column[object]:
    """A column of JSON."""
    return Column(name, JSONB, nullable=nullable)
