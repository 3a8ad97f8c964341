"""Tables of inspections."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Table, Uuid, text

from placement.adapters.db.tables.columns import dates, json, metadata, texts
from shared.work.tables import aggregate_columns

inspection = Table(
    "inspection",
    metadata,
    *aggregate_columns(),
    *texts("region", "host", "programme", "policy_version", "session", "state"),
    Column("draw", Uuid),
    *dates("planned_on", null=False),
    *dates("conducted_on", "closed_on", "due_on"),
    *json("findings"),
    CheckConstraint("(conducted_on IS NULL) = (state IN ('planned', 'cancelled'))", name="hidden_until_conducted"),
    CheckConstraint("findings = '[]' OR conducted_on IS NOT NULL", name="found_when_conducted"),
    CheckConstraint("(closed_on IS NULL) = (state <> 'closed')", name="closed"),
    Index(
        "uq_inspection_planned", "region", "host", "session", unique=True, postgresql_where=text("state = 'planned'")
    ),
    Index("ix_inspection_host", "host"),
    Index("ix_inspection_region", "region", "programme"),
)

inspection_draw = Table(
    "inspection_draw",
    metadata,
    *aggregate_columns(),
    *texts("region", "programme", "policy_version", "session", "seed", "made_by", "state"),
    *texts("decided_by", null=True),
    *dates("first_day", "last_day", null=False),
    *json("candidates", "drawn"),
    Index("uq_inspection_draw_open", "region", "programme", "session", unique=True,
          postgresql_where=text("state = 'proposed'")),
)  # fmt: skip
