"""The tables that every service has besides its own: outbox, inbox, idempotency, audit and their kin (events.md 2.5)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def moment(name: str, *, nullable: bool = False, default: bool = False) -> Column[object]:
    """A ``timestamptz`` column, by default filled with the start of the transaction."""
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=func.now() if default else None)


def service_metadata() -> MetaData:
    """Metadata with the naming convention and the plumbing tables in it, for a service's own tables."""
    metadata = MetaData(naming_convention=NAMING)
    plumbing(metadata)
    audit_tree(metadata)
    return metadata


def aggregate_columns() -> list[Column[object]]:
    """What every aggregate's table has: ``id``, ``version``, ``created_at``, ``updated_at``."""
    return [
        Column("id", Uuid, primary_key=True),
        Column("version", Integer, nullable=False, server_default=text("0")),
        moment("created_at", default=True),
        moment("updated_at", default=True),
    ]


def plumbing(metadata: MetaData) -> None:
    """Define the plumbing tables in ``metadata``."""
    Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("aggregate_type", Text, nullable=False),
        Column("aggregate_id", Text, nullable=False),
        Column("aggregate_seq", Integer, nullable=False),
        Column("shard", SmallInteger, nullable=False, server_default=text("0")),
        Column("type", Text, nullable=False),
        Column("schema_version", Integer, nullable=False),
        Column("payload", JSONB, nullable=False),
        Column("headers", JSONB, nullable=False),
        moment("created_at", default=True),
        moment("published_at", nullable=True),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("last_error", Text),
        UniqueConstraint("aggregate_type", "aggregate_id", "aggregate_seq"),
        Index("ix_outbox_unpublished", "shard", "id", postgresql_where=text("published_at IS NULL")),
    )
    Table(
        "event_archive",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("aggregate_type", Text, nullable=False),
        Column("aggregate_id", Text, nullable=False),
        Column("aggregate_seq", Integer, nullable=False),
        Column("type", Text, nullable=False),
        Column("schema_version", Integer, nullable=False),
        Column("payload", JSONB, nullable=False),
        Column("headers", JSONB, nullable=False),
        moment("created_at"),
        moment("published_at"),
    )
    Table(
        "stream",
        metadata,
        Column("aggregate_type", Text, primary_key=True),
        Column("aggregate_id", Text, primary_key=True),
        Column("seq", Integer, nullable=False),
    )
    Table(
        "inbox",
        metadata,
        Column("consumer", Text),
        Column("source", Text),
        Column("event_id", Uuid),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        moment("processed_at", default=True),
        PrimaryKeyConstraint("consumer", "source", "event_id"),
    )
    Table(
        "aggregate_cursor",
        metadata,
        Column("consumer", Text),
        Column("source", Text),
        Column("aggregate_id", Text),
        Column("last_seq", Integer, nullable=False),
        PrimaryKeyConstraint("consumer", "source", "aggregate_id"),
    )
    for name in ("parked", "pending"):
        Table(
            name,
            metadata,
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            Column("consumer", Text, nullable=False),
            Column("source", Text, nullable=False),
            Column("aggregate_id", Text, nullable=False),
            Column("event_id", Uuid, nullable=False),
            Column("aggregate_seq", Integer, nullable=False),
            Column("topic", Text, nullable=False),
            Column("partition", Integer, nullable=False),
            Column("offset", BigInteger, nullable=False),
            Column("headers", JSONB, nullable=False),
            Column("raw", LargeBinary, nullable=False),
            Column("error", Text, nullable=False),
            Column("attempts", Integer, nullable=False, server_default=text("0")),
            moment("created_at", default=True),
            moment("deadline_at", nullable=True),
            Column("resolution", Text),
            Column("resolved_by", Text),
            moment("resolved_at", nullable=True),
            UniqueConstraint("consumer", "source", "event_id"),
            Index(f"ix_{name}_open", "consumer", "aggregate_id", "id", postgresql_where=text("resolution IS NULL")),
        )
    Table(
        "idempotency",
        metadata,
        Column("principal", Text),
        Column("key", String(255)),
        Column("route", Text, nullable=False),
        Column("request_hash", LargeBinary, nullable=False),
        Column("status", SmallInteger),
        Column("headers", JSONB),
        Column("response", LargeBinary),
        moment("created_at", default=True),
        PrimaryKeyConstraint("principal", "key"),
        Index("ix_idempotency_created_at", "created_at"),
    )
    Table(
        "audit",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        moment("at", default=True),
        moment("business_at"),
        Column("subject", Text, nullable=False),
        Column("organisation", Text, nullable=False),
        Column("roles", JSONB, nullable=False),
        Column("action", Text, nullable=False),
        Column("object_type", Text, nullable=False),
        Column("object_id", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("purpose", Text),
        Column("trace", Text),
        Column("details", JSONB, nullable=False),
        Index("ix_audit_object", "object_type", "object_id", "id"),
    )
    Table(
        "relay_lease",
        metadata,
        Column("shard", SmallInteger, primary_key=True, autoincrement=False),
        Column("owner", Text, nullable=False),
        Column("epoch", BigInteger, nullable=False),
        moment("expires"),
    )
    Table(
        "timer",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("case_id", Uuid, nullable=False),
        moment("due_at"),
        moment("done_at", nullable=True),
        UniqueConstraint("kind", "case_id"),
        Index("ix_timer_due", "due_at", postgresql_where=text("done_at IS NULL")),
    )


def audit_tree(metadata: MetaData) -> None:
    """Define where the tree over the audit trail is kept: a leaf for every entry, a checkpoint for every sealing."""
    Table(
        "audit_leaf",
        metadata,
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("audit_id", BigInteger, nullable=False, unique=True),
        Column("hash", LargeBinary, nullable=False),
    )
    Table(
        "audit_checkpoint",
        metadata,
        Column("size", BigInteger, primary_key=True, autoincrement=False),
        Column("root", LargeBinary, nullable=False),
        Column("frontier", LargeBinary, nullable=False),
        moment("at"),
        Column("signature", Text, nullable=False),
    )
