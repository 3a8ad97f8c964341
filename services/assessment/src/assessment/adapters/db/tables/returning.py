"""Tables of what follows the return: achievements, follow-ups, alumni links."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table, Uuid, text

from assessment.adapters.db.tables.columns import json_of, metadata, text_of
from shared.work.tables import aggregate_columns


def _holder() -> list[Column[object]]:
    return [
        Column("participation", Uuid, ForeignKey("participation.id"), nullable=False),
        *(text_of(name) for name in ("account", "programme", "session", "unit")),
    ]


achievement = Table(
    "achievement",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    *_holder(),
    *(text_of(name) for name in ("batch", "kind", "standing", "title", "phase", "owner", "note", "recorded_by")),
    Column("achieved_on", Date, nullable=False),
    json_of("evidence"),
    Column("recorded_on", Date, nullable=False),
    text_of("verified_by", nullable=True),
    Column("verified_on", Date),
    text_of("return_reason", nullable=True),
    CheckConstraint("state <> 'verified' OR (verified_by IS NOT NULL AND verified_on IS NOT NULL)", name="verified_by_whom"),
    CheckConstraint("verified_by IS DISTINCT FROM recorded_by", name="four_eyes"),
    CheckConstraint("phase IN ('during', 'after')", name="phase"),
    CheckConstraint("jsonb_array_length(evidence) > 0", name="evidence"),
    Index("uq_achievement_once", "participation", "kind", "title", unique=True,
          postgresql_where=text("state <> 'withdrawn'")),
    Index("ix_achievement_session", "programme", "session", "kind"),
    Index("ix_achievement_updated_at", "updated_at", "id"),
)  # fmt: skip

follow_up = Table(
    "follow_up",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    *_holder(),
    text_of("batch"),
    text_of("round"),
    Column("due_on", Date, nullable=False),
    Column("until", Date, nullable=False),
    json_of("found", nullable=True),
    text_of("recorded_by", nullable=True),
    Column("recorded_on", Date),
    CheckConstraint("(state = 'recorded') = (found IS NOT NULL)", name="recorded_what"),
    CheckConstraint("until >= due_on", name="in_order"),
    Index("uq_follow_up_round", "participation", "round", unique=True),
    Index("ix_follow_up_open", "due_on", postgresql_where=text("state IN ('scheduled', 'due', 'overdue')")),
    Index("ix_follow_up_session", "programme", "session", "state"),
    Index("ix_follow_up_updated_at", "updated_at", "id"),
)

alumni_link = Table(
    "alumni_link",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    *_holder(),
    *(text_of(name) for name in ("host", "purpose", "proposed_by")),
    Column("proposed_on", Date, nullable=False),
    Column("accepted_on", Date),
    Column("ended_on", Date),
    text_of("ended_by", nullable=True),
    CheckConstraint("state <> 'active' OR accepted_on IS NOT NULL", name="both_agree"),
    CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_when"),
    Index("uq_alumni_link_live", "participation", "host", unique=True, postgresql_where=text("state <> 'ended'")),
    Index("ix_alumni_link_updated_at", "updated_at", "id"),
)
