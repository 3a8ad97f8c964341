"""The metadata of placement and the columns that its tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.tables import service_metadata

metadata = service_metadata()


def texts(*names: str, null: bool = False) -> list[Column[Any]]:
    """Columns of text."""
    return [Column(name, Text, nullable=null) for name in names]


def dates(*names: str, null: bool = True) -> list[Column[Any]]:
    """Columns of days."""
    return [Column(name, Date, nullable=null) for name in names]


def json(*names: str) -> list[Column[Any]]:
    """Columns of JSON that are never null."""
    return [Column(name, JSONB, nullable=False) for name in names]


def participation_of() -> Column[Any]:
    """The placement that a row belongs to."""
    return Column("participation", Uuid, ForeignKey("placement.id"), nullable=False, index=True)
