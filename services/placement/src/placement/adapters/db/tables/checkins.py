"""Tables of check-ins. Not re-exported with the others on purpose: only what serves check-ins imports this module."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, Table, UniqueConstraint

from placement.adapters.db.tables.columns import dates, json, metadata, participation_of, texts
from shared.work.tables import aggregate_columns

checkin = Table(
    "checkin",
    metadata,
    *aggregate_columns(),
    participation_of(),
    Column("number", Integer),
    *texts("state"),
    *dates("opened_on", null=False),
    *dates("settled_on"),
    *json("needs"),
    UniqueConstraint("participation", "number"),
    CheckConstraint("state NOT IN ('invited', 'declined', 'withdrawn', 'lapsed') OR needs = '[]'", name="nothing_kept"),
    CheckConstraint("state NOT IN ('asked', 'taken_up') OR needs <> '[]'", name="something_told"),
)

welfare_contact = Table(
    "welfare_contact",
    metadata,
    *aggregate_columns(),
    *texts("host", "account"),
    *dates("named_on", null=False),
    UniqueConstraint("host"),
)
