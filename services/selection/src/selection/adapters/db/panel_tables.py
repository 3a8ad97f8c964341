"""The tables of assignments, results and minutes of panels."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Numeric, Table, Text, UniqueConstraint

from selection.adapters.db.tables import _moment, _one_of, _text, _to, metadata
from shared.work.tables import aggregate_columns

panel_assignment = Table(
    "panel_assignment", metadata, *aggregate_columns(),
    _text("state"), _to("panel_id", "panel"), _to("application_id", "application"), _text("expert"),
    _text("cause", nullable=True),
    UniqueConstraint("panel_id", "application_id", "expert"),
    Index("ix_panel_assignment_panel_id_expert", "panel_id", "expert"),
    _one_of("state", "assigned", "released"),
)  # fmt: skip

panel_result = Table(
    "panel_result", metadata, *aggregate_columns(),
    _to("panel_id", "panel"), _to("application_id", "application"), Column("sheets", Integer, nullable=False),
    Column("raw_mean", Numeric(8, 4), nullable=False), Column("calibrated_mean", Numeric(8, 4), nullable=False),
    Column("spread", Numeric(8, 4), nullable=False), Column("flagged", Boolean, nullable=False),
    Column("opinion", Text), Column("note", Text),
    UniqueConstraint("panel_id", "application_id"),
    CheckConstraint("raw_mean BETWEEN 0 AND 100", name="raw_mean_range"),
    CheckConstraint("calibrated_mean BETWEEN 0 AND 100", name="calibrated_mean_range"),
    CheckConstraint("sheets > 0", name="sheets_positive"),
    CheckConstraint("NOT flagged OR note ~ '\\S'", name="flag_explained"),
)  # fmt: skip

panel_minutes = Table(
    "panel_minutes", metadata, *aggregate_columns(),
    _to("panel_id", "panel"), _text("document"), _text("sha256"), _text("signed_by"), _moment("signed_at"),
    UniqueConstraint("panel_id"),
    CheckConstraint("sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex')", name="sha256_of_document"),
)  # fmt: skip
