"""The tables of the person vault, of a person's rights and of appeals."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy import text as sql

from selection.adapters.db.tables import _json, _moment, _one_of, _text, _to, metadata
from shared.work.tables import aggregate_columns

consent = Table(
    "consent", metadata, *aggregate_columns(),
    _to("person_id", "person"), _text("attribute"), _json("purposes"), _text("notice_version"), _moment("given_at"),
    _moment("withdrawn_at", nullable=True),
    Index(
        "uq_consent_standing_person_id_attribute", "person_id", "attribute", unique=True,
        postgresql_where=sql("withdrawn_at IS NULL"),
    ),
)  # fmt: skip

vault_item = Table(
    "vault_item", metadata, *aggregate_columns(),
    _to("person_id", "person"), _text("attribute"), Column("sealed", LargeBinary, nullable=False),
    Column("consent_id", Uuid, ForeignKey("consent.id")), _moment("stated_at"),
    UniqueConstraint("person_id", "attribute"),
    Index("ix_vault_item_attribute_person_id", "attribute", "person_id"),
    _one_of(
        "attribute", "identity-number", "phone", "email", "bank-account", "health-accommodation", "ethnicity"
    ),
    CheckConstraint(
        "attribute IN ('identity-number', 'phone', 'email') OR consent_id IS NOT NULL", name="sensitive_by_consent"
    ),
)  # fmt: skip

vault_read = Table(
    "vault_read", metadata, *aggregate_columns(),
    _to("person_id", "person"), Column("participation", Uuid), _text("attribute"), _text("extent"), _text("purpose"),
    _text("reader"), _text("reader_organisation"), _moment("read_at"),
    Index("ix_vault_read_person_id_id", "person_id", "id"), Index("ix_vault_read_read_at", "read_at"),
    _one_of("extent", "whole", "tail", "aggregate"),
)  # fmt: skip

composition_statistic = Table(
    "composition_statistic", metadata, *aggregate_columns(),
    _to("session_id", "session"), _text("policy_version"), _text("rule"), Column("k", Integer, nullable=False),
    Column("population", Integer, nullable=False), Column("declared", Integer), Column("share", Numeric(4, 1)),
    Column("wanted", Integer, nullable=False), _json("cells"), _moment("made_at"),
    UniqueConstraint("session_id"),
    CheckConstraint("k >= 10", name="k_ten"),
)  # fmt: skip

legal_hold = Table(
    "legal_hold", metadata, *aggregate_columns(),
    _to("person_id", "person"), _to("participation", "application"), _text("reason"), _text("document"),
    _text("placed_by"), _moment("placed_at"), _text("released_by", nullable=True), _moment("released_at", nullable=True),
    Index("ix_legal_hold_person_id", "person_id"),
    CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="released_whole"),
)  # fmt: skip

correction = Table(
    "correction", metadata, *aggregate_columns(),
    _text("state"), _to("person_id", "person"), _text("account"), _json("members"),
    Column("wanted_sealed", LargeBinary, nullable=False), _moment("filed_at"), Column("due_by", Date, nullable=False),
    _text("reason", nullable=True), _text("decided_by", nullable=True), _moment("decided_at", nullable=True),
    Index("uq_correction_open_person_id", "person_id", unique=True, postgresql_where=sql("state = 'filed'")),
    _one_of("state", "filed", "accepted", "refused", "withdrawn"),
    CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name="refused_with_reason"),
)  # fmt: skip

appeal = Table(
    "appeal", metadata, *aggregate_columns(),
    _text("state"), _to("application_id", "application"), _to("person_id", "person"), _text("account"),
    _text("programme"), _to("session_id", "session"), _text("policy_version"), _text("decision"),
    _text("grounds", nullable=True), _moment("noticed_at"), _moment("filed_at"), Column("due_by", Date, nullable=False),
    _json("excluded"), _text("outcome", nullable=True), _text("reason", nullable=True),
    _text("decided_by", nullable=True), _moment("decided_at", nullable=True), _text("remedy", nullable=True),
    _text("remedy_note", nullable=True), _text("remedied_by", nullable=True),
    Index(
        "uq_appeal_standing_application_id_decision", "application_id", "decision", unique=True,
        postgresql_where=sql("state <> 'withdrawn'"),
    ),
    Index("ix_appeal_account", "account"), Index("ix_appeal_session_id", "session_id"),
    Index("ix_appeal_open_due_by", "due_by", postgresql_where=sql("state IN ('filed', 'accepted', 'under_review')")),
    _one_of(
        "state", "filed", "inadmissible", "accepted", "under_review", "upheld", "partly_upheld", "dismissed", "withdrawn",
        "closed",
    ),
    CheckConstraint(
        "(outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (reason IS NULL)", name="decided_with_reason"
    ),
    CheckConstraint("decided_by IS NULL OR NOT excluded ? decided_by", name="decided_by_another"),
    CheckConstraint("state <> 'closed' OR remedy IS NOT NULL", name="closed_with_remedy"),
    CheckConstraint("filed_at >= noticed_at", name="after_notice"),
)  # fmt: skip
