"""The tables of selection; one row per aggregate, nested values as JSONB, the last line of every invariant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from selection.adapters.db.importing_tables import importing_tables
from selection.adapters.db.quota.tables import quota_tables
from selection.adapters.db.quota.vacancies import vacancy_table
from shared.jobs.tables import job_tables
from shared.work.tables import aggregate_columns, service_metadata

metadata = service_metadata()


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, JSONB(none_as_null=True), nullable=nullable)


def _to(name: str, target: str) -> Column[Any]:
    return Column(name, Uuid, ForeignKey(f"{target}.id"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _one_of(name: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


organisation = Table(
    "organisation", metadata, *aggregate_columns(),
    _text("path"), _text("name_zh"), _text("name_bo", nullable=True), _text("name_en"), _text("unit_class"),
    _text("area", nullable=True), _text("category", nullable=True),
    UniqueConstraint("path"),
)  # fmt: skip

registered_policy = Table(
    "registered_policy", metadata, *aggregate_columns(),
    _text("programme"), _text("policy_version"), _text("inherits", nullable=True), _json("content"), _json("resolved"),
    _text("sha256"), Column("used", Boolean, nullable=False),
    UniqueConstraint("programme", "policy_version"),
)  # fmt: skip

batch = Table(
    "batch", metadata, *aggregate_columns(),
    _text("programme"), _text("batch"), _text("kind"), Column("target", Integer, nullable=False), _json("sessions"),
    _json("content"), _text("sha256"), Column("used", Boolean, nullable=False),
    UniqueConstraint("programme", "batch"),
)  # fmt: skip

session = Table(
    "session", metadata, *aggregate_columns(),
    _to("batch_id", "batch"), _text("programme"), _text("batch"), _text("session"),
    Column("quota", Integer, nullable=False), Column("planned_start", Date, nullable=False),
    Column("planned_end", Date, nullable=False), _text("term"), _text("policy_version"), _text("seed"),
    _json("quota_nodes"),
    UniqueConstraint("batch_id", "session"),
    CheckConstraint("quota > 0", name="quota_positive"),
    CheckConstraint("planned_start < planned_end", name="term_positive"),
)  # fmt: skip

call = Table(
    "call", metadata, *aggregate_columns(),
    _text("state"), _to("session_id", "session"), _text("programme"), _text("batch"), _text("session"),
    _moment("opens_at"), _moment("closes_at"), _text("scope"), _json("required_steps"), _text("profile"),
    _text("policy_version"),
    CheckConstraint("opens_at < closes_at", name="window_positive"),
    _one_of("state", "published", "closed"),
)  # fmt: skip

person = Table(
    "person", metadata, *aggregate_columns(),
    _text("account"), _text("name_zh"), _text("name_bo", nullable=True), _text("name_latin", nullable=True),
    Column("birth_date", Date, nullable=False), Column("wrapped_key", LargeBinary), _text("key_id", nullable=True),
    Column("identity_sealed", LargeBinary), Column("identity_index", LargeBinary), Column("phone_sealed", LargeBinary),
    _moment("erased_at", nullable=True),
    UniqueConstraint("account"), UniqueConstraint("identity_index"),
    Index("ix_person_birth_date_name_zh", "birth_date", "name_zh"),
    CheckConstraint(
        "erased_at IS NULL OR num_nonnulls(wrapped_key, key_id, identity_index, name_bo, name_latin) = 0", name="erased_whole"
    ),
)  # fmt: skip

application = Table(
    "application", metadata, *aggregate_columns(),
    _text("state"), _to("person_id", "person"), _text("account"), _to("call_id", "call"),
    _to("session_id", "session"), _text("programme"), _text("batch"), _text("session"), _text("policy_version"),
    _text("unit"), _text("unit_class"), _text("reviewer"), _text("origin_area"),
    Column("birth_date", Date, nullable=False), _json("required_steps"), _json("form"),
    _moment("submitted_at", nullable=True), Column("correct_by", Date), _json("eligibility"),
    Column("preference_points", Numeric(8, 4), nullable=False), _json("waivers"), _json("local_decision", nullable=True),
    Column("panel_score", Numeric(8, 4)), _text("study_direction", nullable=True), Column("rank", Integer),
    _json("explanation", nullable=True), Column("started_on", Date), Column("placed_on", Date), _text("outcome", nullable=True),
    _text("reason", nullable=True), _text("unit_category", nullable=True), Column("panel_raw_mean", Numeric(8, 4)),
    UniqueConstraint("call_id", "account"), UniqueConstraint("call_id", "person_id"),
    Index("ix_application_session_id_state", "session_id", "state"),
    Index("ix_application_reviewer_id", "reviewer", "id"), Index("ix_application_unit_id", "unit", "id"),
    Index("ix_application_account", "account"), Index("ix_application_person_id", "person_id"), Index("ix_application_updated_at_id", "updated_at", "id"),
    CheckConstraint("panel_score BETWEEN 0 AND 100", name="panel_score_range"),
    _one_of(
        "state", "draft", "submitted", "returned_for_correction", "local_approved", "panel_reviewed", "classified",
        "selected", "reserve", "not_selected", "rejected", "withdrawn", "deselected", "completed",
    ),
)  # fmt: skip

recommendation = Table(
    "recommendation", metadata, *aggregate_columns(),
    _text("state"), _to("call_id", "call"), _text("account"), _text("unit"), _text("reason", nullable=True),
    _text("given_by", nullable=True), _moment("given_at", nullable=True),
    UniqueConstraint("call_id", "account", "unit"),
    Index("ix_recommendation_unit_id", "unit", "id"),
    _one_of("state", "asked", "given", "refused", "withdrawn"),
)  # fmt: skip

panel = Table(
    "panel", metadata, *aggregate_columns(),
    _text("state"), _to("session_id", "session"), _text("name"), _json("experts"), _json("specialty_groups"),
    Column("sheets_required", Integer, nullable=False), _json("criteria"), _text("minutes", nullable=True),
    Column("concluded_count", Integer), _json("members"), _json("replacements"), _text("chair", nullable=True),
    _text("seed"), Column("assigned", Boolean, nullable=False),
    _one_of("state", "open", "concluded"),
)  # fmt: skip

conflict_of_interest = Table(
    "conflict_of_interest", metadata, *aggregate_columns(),
    _to("panel_id", "panel"), _to("application_id", "application"), _text("expert"), _text("reason"),
    _moment("declared_at"),
    UniqueConstraint("panel_id", "expert", "application_id"),
)  # fmt: skip

score_sheet = Table(
    "score_sheet", metadata, *aggregate_columns(),
    _to("panel_id", "panel"), _to("application_id", "application"), _text("expert"), _json("scores"),
    Column("total", Numeric(8, 4), nullable=False), _text("comment", nullable=True),
    UniqueConstraint("panel_id", "expert", "application_id"),
    CheckConstraint("total BETWEEN 0 AND 100", name="total_range"),
)  # fmt: skip

balancing_run = Table(
    "balancing_run", metadata, *aggregate_columns(),
    _text("state"), _to("session_id", "session"), _text("policy_version"), _text("seed"), _text("input_sha256"),
    Column("places", Integer, nullable=False), Column("candidates", Integer, nullable=False),
    Column("selected_count", Integer, nullable=False), Column("reserve_count", Integer, nullable=False),
    Column("total_score", Numeric(14, 4), nullable=False), _json("nodes"), _json("targets"), _json("outcomes"),
    Column("method", Text, nullable=False, server_default=sql("'greedy'")),
    Column("proved", Boolean, nullable=False, server_default=sql("true")),
    CheckConstraint("selected_count <= places", name="within_places"),
    _one_of("state", "proposed", "confirmed", "superseded"), _one_of("method", "greedy", "duals"),
)  # fmt: skip

balancing_certificate = Table(
    "balancing_certificate", metadata, *aggregate_columns(),
    _to("run_id", "balancing_run"), _json("given"), _json("answer"),
    UniqueConstraint("run_id"),
)  # fmt: skip

roster = Table(
    "roster", metadata, *aggregate_columns(),
    _text("state"), _to("session_id", "session"), _text("programme"), _text("batch"), _text("session"),
    _text("policy_version"), _to("run_id", "balancing_run"), Column("roster_version", Integer, nullable=False),
    _json("entries"), _json("swaps"), _text("sha256", nullable=True), _json("filings"),
    _moment("fixed_at", nullable=True), _text("reason", nullable=True),
    Index("uq_roster_open_session_id", "session_id", unique=True, postgresql_where=sql("state <> 'discarded'")),
    _one_of(
        "state", "draft", "proposed", "fixed", "filed", "acknowledged", "filing_returned", "amended", "discarded"
    ),
)  # fmt: skip

roster_edition = Table(
    "roster_edition", metadata, *aggregate_columns(),
    _to("roster_id", "roster"), Column("number", Integer, nullable=False), _text("document"), _text("sha256"),
    _text("cause"), _moment("made_at"), _text("made_by"),
    UniqueConstraint("roster_id", "number"),
)  # fmt: skip

vacancy = vacancy_table(metadata)
quota_node, seat = quota_tables(metadata)
job, job_file = job_tables(metadata)
registration, import_row = importing_tables(metadata)
from selection.adapters.db import judging_tables, panel_tables, people_tables  # noqa: E402, F401 - the rest of the same metadata
