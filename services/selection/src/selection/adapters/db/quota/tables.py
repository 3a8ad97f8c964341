"""The rows of the quota tree and the seats that they count."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.tables import aggregate_columns


def quota_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Define ``quota_node`` and ``seat`` in ``metadata``; the trigger that holds a child below its parent is migrated."""
    node = Table(
        "quota_node", metadata,
        Column("session_id", Uuid, ForeignKey("session.id"), nullable=False),
        Column("code", Text, nullable=False), Column("parent", Text), Column("ordinal", Integer, nullable=False),
        Column("min", Integer, nullable=False), Column("max", Integer, nullable=False),
        Column("reserved", Integer, nullable=False), Column("used", Integer, nullable=False),
        PrimaryKeyConstraint("session_id", "code"),
        CheckConstraint("reserved >= 0 AND used >= 0", name="counts_whole"),
        CheckConstraint("reserved + used <= max", name="within_max"),
        CheckConstraint("(parent IS NULL) = (code = 'session')", name="one_root"),
    )  # fmt: skip
    seat = Table(
        "seat", metadata, *aggregate_columns(),
        Column("state", Text, nullable=False),
        Column("session_id", Uuid, ForeignKey("session.id"), nullable=False),
        Column("node", Text, nullable=False), Column("traits", JSONB(none_as_null=True), nullable=False),
        Column("participation", Uuid, ForeignKey("application.id")), Column("unit", Text),
        Column("expires_at", DateTime(timezone=True)), Column("reason", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        CheckConstraint("state IN ('reserved', 'used', 'released', 'expired', 'vacated')", name="state_known"),
        CheckConstraint("state <> 'used' OR participation IS NOT NULL", name="used_by_somebody"),
        Index("ix_seat_session_id_state", "session_id", "state"),
        Index("ix_seat_expires_at", "expires_at", postgresql_where=sql("state = 'reserved'")),
        Index(
            "uq_seat_live_participation", "participation", unique=True,
            postgresql_where=sql("state IN ('reserved', 'used')"),
        ),
    )  # fmt: skip
    return node, seat
