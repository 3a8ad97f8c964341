"""The table of vacated places."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.tables import aggregate_columns


def vacancy_table(metadata: MetaData) -> Table:
    """Define ``vacancy`` in ``metadata``: once per leaver, once per promoted person, one open offer per person."""
    return Table(
        "vacancy", metadata, *aggregate_columns(),
        Column("state", Text, nullable=False, server_default=sql("'vacant'")),
        Column("session_id", Uuid, ForeignKey("session.id"), nullable=False),
        Column("roster_id", Uuid, ForeignKey("roster.id"), nullable=False),
        Column("participation", Uuid, ForeignKey("application.id"), nullable=False),
        Column("cause", Text, nullable=False), Column("stage", Text),
        Column("promoted", Uuid, ForeignKey("application.id")), Column("roster_version", Integer, nullable=False),
        Column("vacated_at", DateTime(timezone=True), nullable=False),
        Column("offered_to", Uuid, ForeignKey("application.id")), Column("answer_by", DateTime(timezone=True)),
        Column("offers", JSONB(none_as_null=True), nullable=False, server_default=sql("'[]'")),
        UniqueConstraint("participation"), UniqueConstraint("promoted"), UniqueConstraint("offered_to"),
        CheckConstraint("promoted <> participation", name="not_oneself"),
        CheckConstraint("state IN ('open', 'offered', 'filled', 'vacant', 'lapsed')", name="state_known"),
        CheckConstraint("(state = 'filled') = (promoted IS NOT NULL)", name="filled_by_somebody"),
        CheckConstraint(
            "(state = 'offered') = (offered_to IS NOT NULL) AND (offered_to IS NULL) = (answer_by IS NULL)",
            name="offered_to_somebody",
        ),
        Index("ix_vacancy_state", "state", "session_id"),
    )  # fmt: skip
