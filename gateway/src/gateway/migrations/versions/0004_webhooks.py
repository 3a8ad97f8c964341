"""Webhooks, how far they have come, their deliveries; the feed says where an event belongs.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PLACE_OLD_EVENTS = """
UPDATE feed f SET participation = p.id, unit = j.unit, programme = coalesce(j.programme, f.payload ->> 'programme'),
    session = coalesce(j.session, f.payload ->> 'session'), reach = CASE WHEN j.unit IS NULL THEN NULL ELSE f.position END
FROM (SELECT position, CASE aggregate WHEN 'participation' THEN subject ELSE payload ->> 'participation' END AS id
      FROM feed) p LEFT JOIN journey j ON j.id = p.id::uuid
WHERE p.position = f.position AND p.id IS NOT NULL
"""
_PLACE_OLD_OBJECTS = """
UPDATE feed SET unit = 'cn', programme = payload ->> 'programme', session = payload ->> 'session', reach = position
WHERE participation IS NULL
"""


def upgrade() -> None:
    """Places of the feed, then the tables of the webhooks."""
    op.add_column("feed_head", sa.Column("pruned", sa.BigInteger, nullable=False, server_default="0"))
    op.create_check_constraint(op.f("ck_feed_head_pruned"), "feed_head", "pruned >= 0 AND pruned <= position")
    for name in ("participation", "unit", "programme", "session"):
        op.add_column("feed", sa.Column(name, sa.Text))
    op.add_column("feed", sa.Column("reach", sa.BigInteger))
    op.execute(_PLACE_OLD_EVENTS)
    op.execute(_PLACE_OLD_OBJECTS)
    op.create_check_constraint(op.f("ck_feed_reach"), "feed", "reach >= position")
    op.create_check_constraint(op.f("ck_feed_placed"), "feed", "(reach IS NULL) = (unit IS NULL)")
    op.create_index("ix_feed_reach_position", "feed", ["reach", "position"])
    op.create_index("ix_feed_unplaced", "feed", ["participation"], postgresql_where=sa.text("reach IS NULL"))
    op.create_index("ix_feed_participation_position", "feed", ["participation", "position"])
    _webhook()
    _progress()
    _delivery()


def _stamp(name: str, *, nullable: bool = False, default: bool = False) -> sa.Column[object]:
    default_value = sa.func.now() if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default_value)


def _webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        _stamp("created_at", default=True),
        _stamp("updated_at", default=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("everything", sa.Boolean, nullable=False),
        sa.Column("money", sa.Boolean, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("types", JSONB, nullable=False),
        sa.Column("programme", sa.Text),
        sa.Column("session", sa.Text),
        sa.Column("description", sa.Text, nullable=False, server_default=""),
        sa.Column("reason", sa.Text),
        _stamp("disabled_at", nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("former", sa.LargeBinary),
        _stamp("former_until", nullable=True),
        sa.CheckConstraint("state IN ('active', 'paused', 'disabled', 'deleted')", name="ck_webhook_state"),
        sa.CheckConstraint("everything OR organisation <> ''", name="ck_webhook_scope"),
        sa.CheckConstraint(
            "(state = 'disabled') = (reason IS NOT NULL AND disabled_at IS NOT NULL)", name="ck_webhook_reason"
        ),
        sa.CheckConstraint("(former IS NULL) = (former_until IS NULL)", name="ck_webhook_former"),
    )
    op.create_index("ix_webhook_organisation", "webhook", ["organisation", "id"])
    op.create_index("ix_webhook_updated_at", "webhook", ["updated_at", "id"])


def _progress() -> None:
    op.create_table(
        "webhook_progress",
        sa.Column(
            "webhook", sa.Uuid, sa.ForeignKey("webhook.id", name="fk_webhook_progress_webhook"), primary_key=True
        ),
        sa.Column("reach", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        _stamp("due_at", default=True),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        _stamp("failing_since", nullable=True),
        _stamp("delivered_at", nullable=True),
        sa.Column("owner", sa.Text),
        _stamp("leased_until", nullable=True),
        sa.Column("epoch", sa.BigInteger, nullable=False, server_default="0"),
        sa.CheckConstraint("(failures > 0) = (failing_since IS NOT NULL)", name="ck_webhook_progress_failing"),
        sa.CheckConstraint("(owner IS NULL) = (leased_until IS NULL)", name="ck_webhook_progress_lease"),
    )
    op.create_index("ix_webhook_progress_due_at", "webhook_progress", ["due_at"])


def _delivery() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid, primary_key=True),
        _stamp("updated_at", default=True),
        sa.Column("webhook", sa.Uuid, sa.ForeignKey("webhook.id", name="fk_webhook_delivery_webhook"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "type", "subject", "state")),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("reach", sa.BigInteger),
        sa.Column("position", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tries", JSONB, nullable=False),
        sa.CheckConstraint("kind IN ('live', 'replay', 'test')", name="ck_webhook_delivery_kind"),
        sa.CheckConstraint(
            "state IN ('pending', 'delivered', 'failing', 'skipped', 'failed')", name="ck_webhook_delivery_state"
        ),
        sa.CheckConstraint("(kind = 'test') = (position IS NULL)", name="ck_webhook_delivery_position"),
    )
    op.create_index(
        "uq_webhook_delivery_live",
        "webhook_delivery",
        ["webhook", "event_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'live'"),
    )
    op.create_index("ix_webhook_delivery_webhook", "webhook_delivery", ["webhook", "id"])
    op.create_index("ix_webhook_delivery_updated_at", "webhook_delivery", ["updated_at", "id"])
    for state in ("pending", "skipped"):
        op.create_index(
            f"ix_webhook_delivery_{state}",
            "webhook_delivery",
            ["webhook", "id"],
            postgresql_where=sa.text(f"state = '{state}'"),
        )


def downgrade() -> None:
    """Back to a feed that everybody reads whole."""
    for table in ("webhook_delivery", "webhook_progress", "webhook"):
        op.drop_table(table)
    for constraint in ("ck_feed_reach", "ck_feed_placed"):
        op.drop_constraint(op.f(constraint), "feed")
    for index in ("ix_feed_reach_position", "ix_feed_unplaced", "ix_feed_participation_position"):
        op.drop_index(index, "feed")
    for name in ("participation", "unit", "programme", "session", "reach"):
        op.drop_column("feed", name)
    op.drop_constraint(op.f("ck_feed_head_pruned"), "feed_head")
    op.drop_column("feed_head", "pruned")
