"""Tables of expert missions."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, Uuid
from sqlalchemy import text as sql

from placement.adapters.db.tables.columns import dates, json, metadata, texts
from shared.work.tables import aggregate_columns

mission = Table(
    "mission",
    metadata,
    *aggregate_columns(),
    *texts("programme", "policy_version", "batch", "session", "region", "locality", "state"),
    *texts("leader", "report_text", "report_reference", "decline_reason", null=True),
    Column("year", Integer, nullable=False),
    *json("needs", "itinerary", "team", "outcomes"),
    *dates("wanted_from", "wanted_until", null=False),
    *dates("starts_on", "ends_on", "departed_on", "returned_on", "report_due_on", "reported_on"),
    CheckConstraint("wanted_from <= wanted_until", name="wanted"),
    CheckConstraint("starts_on <= ends_on", name="days"),
    CheckConstraint("departed_on <= returned_on", name="field"),
    Index("ix_mission_programme", "programme", "year"),
    Index("ix_mission_region", "region", postgresql_ops={"region": "text_pattern_ops"}),
)

mission_expert = Table(
    "mission_expert",
    metadata,
    *aggregate_columns(),
    Column("mission_id", Uuid, ForeignKey("mission.id"), nullable=False),
    *texts("account", "specialty"),
    Column("participation", Uuid, ForeignKey("placement.id")),
    Column("leads", Boolean, nullable=False),
    UniqueConstraint("mission_id", "account"),
    UniqueConstraint("participation"),
    Index("uq_mission_expert_leads", "mission_id", unique=True, postgresql_where=sql("leads")),
)

mission_activity = Table(
    "mission_activity",
    metadata,
    *aggregate_columns(),
    Column("mission_id", Uuid, ForeignKey("mission.id"), nullable=False),
    Column("number", Integer, nullable=False),
    *texts("kind", "topic", "county"),
    *dates("held_on", null=False),
    *json("experts", "beneficiaries"),
    UniqueConstraint("mission_id", "number"),
)
