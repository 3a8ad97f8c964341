"""Tables of the webhooks: the subscription, how far it has come, and what was delivered."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.tables import aggregate_columns, moment


def define(metadata: MetaData) -> tuple[Table, Table, Table]:
    """The three tables in ``metadata``."""
    webhook = Table(
        "webhook",
        metadata,
        *aggregate_columns(),
        Column("state", Text, nullable=False),
        Column("organisation", Text, nullable=False),
        Column("account", Text, nullable=False),
        Column("everything", Boolean, nullable=False),
        Column("money", Boolean, nullable=False),
        Column("url", Text, nullable=False),
        Column("types", JSONB, nullable=False),
        Column("programme", Text),
        Column("session", Text),
        Column("description", Text, nullable=False, server_default=""),
        Column("reason", Text),
        moment("disabled_at", nullable=True),
        Column("wrapped_key", LargeBinary, nullable=False),
        Column("secret", LargeBinary, nullable=False),
        Column("former", LargeBinary),
        moment("former_until", nullable=True),
        CheckConstraint("state IN ('active', 'paused', 'disabled', 'deleted')", name="state"),
        CheckConstraint("everything OR organisation <> ''", name="scope"),
        CheckConstraint("(state = 'disabled') = (reason IS NOT NULL AND disabled_at IS NOT NULL)", name="reason"),
        CheckConstraint("(former IS NULL) = (former_until IS NULL)", name="former"),
        Index("ix_webhook_organisation", "organisation", "id"),
        Index("ix_webhook_updated_at", "updated_at", "id"),
    )
    progress = Table(
        "webhook_progress",
        metadata,
        Column("webhook", Uuid, ForeignKey("webhook.id"), primary_key=True),
        Column("reach", BigInteger, nullable=False),
        Column("position", BigInteger, nullable=False),
        moment("due_at", default=True),
        Column("failures", Integer, nullable=False, server_default=text("0")),
        moment("failing_since", nullable=True),
        moment("delivered_at", nullable=True),
        Column("owner", Text),
        moment("leased_until", nullable=True),
        Column("epoch", BigInteger, nullable=False, server_default=text("0")),
        CheckConstraint("(failures > 0) = (failing_since IS NOT NULL)", name="failing"),
        CheckConstraint("(owner IS NULL) = (leased_until IS NULL)", name="lease"),
        Index("ix_webhook_progress_due_at", "due_at"),
    )
    delivery = Table(
        "webhook_delivery",
        metadata,
        Column("id", Uuid, primary_key=True),
        moment("updated_at", default=True),
        Column("webhook", Uuid, ForeignKey("webhook.id"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("reach", BigInteger),
        Column("position", BigInteger),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("tries", JSONB, nullable=False),
        CheckConstraint("kind IN ('live', 'replay', 'test')", name="kind"),
        CheckConstraint("state IN ('pending', 'delivered', 'failing', 'skipped', 'failed')", name="state"),
        CheckConstraint("(kind = 'test') = (position IS NULL)", name="position"),
        Index("uq_webhook_delivery_live", "webhook", "event_id", unique=True, postgresql_where=text("kind = 'live'")),
        Index("ix_webhook_delivery_webhook", "webhook", "id"),
        Index("ix_webhook_delivery_updated_at", "updated_at", "id"),
        Index("ix_webhook_delivery_pending", "webhook", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_webhook_delivery_skipped", "webhook", "id", postgresql_where=text("state = 'skipped'")),
    )
    return webhook, progress, delivery
