"""The tables of waivers and of what units attest."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from selection.adapters.db.tables import _moment, _one_of, _text, _to, metadata
from shared.work.tables import aggregate_columns

waiver = Table(
    "waiver", metadata, *aggregate_columns(),
    _text("state"), _to("application_id", "application"), _text("rule"), _text("role"), _text("reason"),
    _text("policy_version"), Column("attested", Boolean, nullable=False), _text("given_by"), _moment("given_at"),
    _text("withdrawn_by", nullable=True), _moment("withdrawn_at", nullable=True),
    _text("withdrawal_reason", nullable=True),
    Index("uq_waiver_standing", "application_id", "rule", unique=True, postgresql_where=sql("state = 'granted'")),
    CheckConstraint("reason ~ '\\S'", name="reason_given"),
    CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawal_whole"),
    _one_of("state", "granted", "withdrawn"),
    _one_of("role", "local_reviewer", "regional_officer"),
)  # fmt: skip

attestation = Table(
    "attestation", metadata, *aggregate_columns(),
    _to("call_id", "call"), _text("account"), _text("unit"), Column("reserve_listed", Boolean, nullable=False),
    _text("attested_by"), _moment("attested_at"),
    UniqueConstraint("call_id", "account", "unit"),
)  # fmt: skip
