"""Tables of the gateway: the feed, the journeys that are folded from it, and the rosters they belong to."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.adapters.db import webhook_tables
from gateway.domain.journey import MILESTONES
from shared.work.tables import moment, service_metadata

metadata = service_metadata()

SUMS = ("reserved", "committed", "released", "paid", "clawback_due", "clawed_back")
"""The sums of the money section that a board adds up, in fen."""

feed_head = Table(
    "feed_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("pruned", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("id = 1", name="single"),
    CheckConstraint("pruned >= 0 AND pruned <= position", name="pruned"),
)

feed = Table(
    "feed",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    moment("at"),
    Column("payload", JSONB, nullable=False),
    *(Column(name, Text) for name in ("participation", "unit", "programme", "session")),
    Column("reach", BigInteger),
    UniqueConstraint("source", "event_id"),
    CheckConstraint("position > 0", name="position"),
    Index("ix_feed_event_id", "event_id"),
    CheckConstraint("reach >= position", name="reach"),
    CheckConstraint("(reach IS NULL) = (unit IS NULL)", name="placed"),
    Index("ix_feed_reach_position", "reach", "position"),
    Index("ix_feed_unplaced", "participation", postgresql_where=text("reach IS NULL")),
    Index("ix_feed_participation_position", "participation", "position"),
    Index("ix_feed_type_position", "type", "position"),
    Index("ix_feed_subject_position", "subject", "position"),
)

journey = Table(
    "journey",
    metadata,
    Column("id", Uuid, primary_key=True),
    moment("updated_at", default=True),
    Column("position", BigInteger, nullable=False),
    Column("stage", Text, nullable=False),
    Column("outcome", Text),
    *(
        Column(name, Text)
        for name in ("account", "programme", "batch", "session", "unit", "prefecture", "host", "host_province")
    ),
    *(Column(f"{name}_on", Date) for name in MILESTONES),
    *(Column(name, BigInteger, nullable=False, server_default=text("0")) for name in SUMS),
    Column("document", JSONB, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("document_hash", Text, nullable=False),
    CheckConstraint("paid >= 0 AND reserved >= 0 AND committed >= 0", name="sums"),
    Index("ix_journey_programme_session", "programme", "session", "stage"),
    Index("ix_journey_account", "account"),
    Index("ix_journey_unit", "unit"),
    Index("ix_journey_host", "host"),
    Index("ix_journey_updated_at", "updated_at", "id"),
)

roster = Table(
    "roster",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme", Text),
    Column("session", Text),
    Column("edition", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("receipt", Text),
    Column("selected_count", Integer),
    Column("reserve_count", Integer),
    Column("sequence", Integer, nullable=False),
)

webhook, webhook_progress, webhook_delivery = webhook_tables.define(metadata)
