"""Schemes, assessments, achievements, follow-ups.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COUNTS = ("deferrals", "resits", "extensions", "confirmations")
_CHECKS = {
    "other_decider": "state <> 'decided' OR appeal ->> 'decided_by' IS DISTINCT FROM appeal ->> 'opened_by'",
    "correction_keeps_the_past": "state <> 'corrected' OR (correction IS NOT NULL AND jsonb_array_length(past) > 0)",
    "counts_up": "resits >= 0 AND deferrals >= 0 AND extensions >= 0",
    "deferred_why": "state <> 'deferred' OR deferral_reason IS NOT NULL",
}
_ISSUER_IS_NO_JUDGE = """
CREATE FUNCTION certificate_issuer_is_no_judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.issued_by IS NOT NULL AND EXISTS (
        SELECT 1 FROM assessment
        WHERE id = NEW.assessment
          AND (result ->> 'recorded_by' = NEW.issued_by OR confirmed_by = NEW.issued_by
               OR appeal ->> 'decided_by' = NEW.issued_by OR correction ->> 'recorded_by' = NEW.issued_by
               OR EXISTS (SELECT 1 FROM jsonb_each(sheets) AS each WHERE each.value ->> 'by' = NEW.issued_by))
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_certificate_issuer_is_no_judge',
            MESSAGE = 'who had a hand in the result does not issue the certificate';
    END IF;
    RETURN NEW;
END $$
"""
_TRIGGER = """
CREATE TRIGGER certificate_issuer_is_no_judge BEFORE INSERT OR UPDATE OF issued_by ON certificate
FOR EACH ROW EXECUTE FUNCTION certificate_issuer_is_no_judge()
"""


def _maybe(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _common() -> list[sa.Column[Any]]:
    now = sa.func.now()
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
        sa.Column("participation", sa.Uuid(), nullable=False),
        *_texts("state", "account", "programme", "session", "unit"),
    ]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Date(), nullable=False) for name in names]


def _table(name: str, *columns: sa.Column[Any], checks: dict[str, str]) -> None:
    op.create_table(
        name,
        *_common(),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["participation"], ["participation.id"], name=f"fk_{name}_participation"),
        *(sa.CheckConstraint(condition, name=f"ck_{name}_{check}") for check, condition in checks.items()),
    )
    op.create_index(f"ix_{name}_updated_at", name, ["updated_at", "id"])


def _returning() -> None:
    _table(
        "achievement",
        *_texts("batch", "kind", "standing", "title", "phase", "owner", "note", "recorded_by"),
        *_days("achieved_on", "recorded_on"),
        sa.Column("evidence", JSONB(), nullable=False),
        *_maybe(sa.Text(), "verified_by", "return_reason"),
        *_maybe(sa.Date(), "verified_on"),
        checks={
            "verified_by_whom": "state <> 'verified' OR (verified_by IS NOT NULL AND verified_on IS NOT NULL)",
            "four_eyes": "verified_by IS DISTINCT FROM recorded_by",
            "phase": "phase IN ('during', 'after')",
            "evidence": "jsonb_array_length(evidence) > 0",
        },
    )
    live = sa.text("state <> 'withdrawn'")
    op.create_index(
        "uq_achievement_once", "achievement", ["participation", "kind", "title"], unique=True, postgresql_where=live
    )
    op.create_index("ix_achievement_session", "achievement", ["programme", "session", "kind"])
    _table(
        "follow_up",
        *_texts("batch", "round"),
        *_days("due_on", "until"),
        *_maybe(JSONB(), "found"),
        *_maybe(sa.Text(), "recorded_by"),
        *_maybe(sa.Date(), "recorded_on"),
        checks={"recorded_what": "(state = 'recorded') = (found IS NOT NULL)", "in_order": "until >= due_on"},
    )
    op.create_index("uq_follow_up_round", "follow_up", ["participation", "round"], unique=True)
    still = sa.text("state IN ('scheduled', 'due', 'overdue')")
    op.create_index("ix_follow_up_open", "follow_up", ["due_on"], postgresql_where=still)
    op.create_index("ix_follow_up_session", "follow_up", ["programme", "session", "state"])
    _table(
        "alumni_link",
        *_texts("host", "purpose", "proposed_by"),
        *_days("proposed_on"),
        *_maybe(sa.Date(), "accepted_on", "ended_on"),
        *_maybe(sa.Text(), "ended_by"),
        checks={
            "both_agree": "state <> 'active' OR accepted_on IS NOT NULL",
            "ended_when": "(state = 'ended') = (ended_on IS NOT NULL)",
        },
    )
    lasting = sa.text("state <> 'ended'")
    op.create_index(
        "uq_alumni_link_live", "alumni_link", ["participation", "host"], unique=True, postgresql_where=lasting
    )


def upgrade() -> None:
    """Every column is nullable or has a default, so that the earlier version of the service goes on beside it."""
    for column in (
        *_maybe(JSONB(), "attendance", "correction"),
        *_maybe(sa.Date(), "deferred_on", "resit_until"),
        *_maybe(sa.Text(), "authority"),
        *(sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0")) for name in _COUNTS),
        sa.Column("past", JSONB(), nullable=False, server_default=sa.text("'[]'")),
    ):
        op.add_column("assessment", column)
    op.execute("UPDATE assessment SET deferrals = attempt - 1 + (state = 'deferred')::int, "
               "confirmations = (told IS NOT NULL AND told <> 'null'::jsonb)::int "
               "WHERE attempt > 1 OR state = 'deferred' OR told IS NOT NULL")  # fmt: skip
    for name, condition in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_assessment_{name}"), "assessment", condition)
    op.add_column("certificate", sa.Column("reissue_wanted", sa.Text(), nullable=True))
    op.add_column("waiver", sa.Column("consumed_by", sa.Text(), nullable=True))
    op.create_index(
        "uq_waiver_application", "waiver", ["consumed_by", "application"], unique=True,
        postgresql_where=sa.text("state = 'consumed' AND consumed_by IS NOT NULL"),
    )  # fmt: skip
    op.execute(_ISSUER_IS_NO_JUDGE)
    op.execute(_TRIGGER)
    _returning()


def downgrade() -> None:
    for table in ("alumni_link", "follow_up", "achievement"):
        op.drop_table(table)
    op.execute("DROP TRIGGER certificate_issuer_is_no_judge ON certificate")
    op.execute("DROP FUNCTION certificate_issuer_is_no_judge")
    op.drop_index("uq_waiver_application", table_name="waiver")
    op.drop_column("waiver", "consumed_by")
    op.drop_column("certificate", "reissue_wanted")
    for name in _CHECKS:
        op.drop_constraint(op.f(f"ck_assessment_{name}"), "assessment")
    for name in ("authority", "attendance", "correction", "deferred_on", "resit_until", *_COUNTS, "past"):
        op.drop_column("assessment", name)
