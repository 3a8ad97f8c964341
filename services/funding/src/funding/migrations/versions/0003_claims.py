"""Reimbursement claims, files of the treasury, partial recoveries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _aggregate() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    ]


def _text(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def upgrade() -> None:
    op.add_column("instalment", sa.Column("waived", JSONB(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column("instalment", sa.Column("clawback_due_on", sa.Date()))
    op.add_column("instalment", sa.Column("write_off_asked", sa.Uuid()))
    op.add_column("instalment", sa.Column("write_off_why", sa.Text()))
    _create_claims()
    _create_files()
    for statement in (*GUARDS, *REFERENCES):
        op.execute(statement)


def downgrade() -> None:
    for column in ("write_off_why", "write_off_asked", "clawback_due_on", "waived"):
        op.drop_column("instalment", column)
    op.execute("DROP TRIGGER disbursement_references ON disbursement")
    for table in (
        "discrepancy",
        "return_file",
        "payment_reference",
        "claim_day",
        "claim_invoice",
        "claim",
        "cost_object",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION disbursement_keep_references()")
    op.execute("DROP FUNCTION claim_takes_invoices_and_days()")


def _create_claims() -> None:
    op.create_table(
        "cost_object",
        *_aggregate(),
        *_text("kind", "code", "session", "organisation"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        *_text("province", "tier", nullable=True),
        *_text("registered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_cost_object"),
        sa.UniqueConstraint("kind", "code", name="uq_cost_object_code"),
        sa.CheckConstraint("ends_on >= starts_on AND persons > 0", name="ck_cost_object_bounds"),
    )
    op.create_index("ix_cost_object_updated_at", "cost_object", ["updated_at", "id"])
    op.create_table(
        "claim",
        *_aggregate(),
        *_text("state", "cost_kind", "cost_object"),
        sa.Column("participation", sa.Uuid()),
        *_text("session"),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("programme", "policy_version"),
        *_text("account", "unit", "host", nullable=True),
        *_text("payee", "payee_kind"),
        sa.Column("lines", JSONB(), nullable=False),
        *_text("drafted_by"),
        *_text("submitted_by", nullable=True),
        sa.Column("submitted_on", sa.Date()),
        *_text("checked_by", nullable=True),
        sa.Column("rolling_amount", sa.BigInteger(), nullable=False),
        *[sa.Column(name, JSONB(), nullable=False) for name in ("chain", "signers")],
        *_text("refusal", "frozen_by", "frozen_why", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_text("reference", nullable=True),
        sa.Column("paid_on", sa.Date()),
        *[sa.Column(name, JSONB(), nullable=False) for name in ("clawback", "recovered")],
        sa.Column("clawback_due_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
        sa.ForeignKeyConstraint(["participation"], ["participation.id"], name="fk_claim_participation"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_claim_fund"),
        sa.UniqueConstraint("reference", name="uq_claim_reference"),
        sa.CheckConstraint(NOBODY_TWICE, name="ck_claim_nobody_twice"),
    )
    op.create_index("ix_claim_cost_object", "claim", ["cost_kind", "cost_object"])
    op.create_index("ix_claim_session", "claim", ["session", "state"])
    op.create_index("ix_claim_payee", "claim", ["payee"])
    op.create_index("ix_claim_updated_at", "claim", ["updated_at", "id"])
    op.create_table(
        "claim_invoice",
        *_text("number"),
        sa.Column("claim", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_claim_invoice"),
        sa.ForeignKeyConstraint(["claim"], ["claim.id"], name="fk_claim_invoice_claim"),
    )
    op.create_index("ix_claim_invoice_claim", "claim_invoice", ["claim"])
    op.create_table(
        "claim_day",
        sa.Column("claim", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        *_text("subject"),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("claim", "line", name="pk_claim_day"),
        sa.ForeignKeyConstraint(["claim"], ["claim.id"], name="fk_claim_day_claim"),
        sa.CheckConstraint("to_day >= from_day", name="ck_claim_day_days"),
    )


def _create_files() -> None:
    op.create_table(
        "payment_reference",
        *_text("reference"),
        sa.Column("disbursement", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_payment_reference"),
        sa.ForeignKeyConstraint(["disbursement"], ["disbursement.id"], name="fk_payment_reference_disbursement"),
        sa.UniqueConstraint("disbursement", "sequence", name="uq_payment_reference_sequence"),
        sa.UniqueConstraint("subject", "attempt", name="uq_payment_reference_attempt"),
    )
    op.create_table(
        "return_file",
        *_aggregate(),
        sa.Column("disbursement", sa.Uuid(), nullable=False),
        *_text("sha256"),
        *[
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("lines", "paid", "rejected", "unchanged", "discrepancies")
        ],
        *_text("taken_by"),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_return_file"),
        sa.ForeignKeyConstraint(["disbursement"], ["disbursement.id"], name="fk_return_file_disbursement"),
        sa.UniqueConstraint("disbursement", "sha256", name="uq_return_file_content"),
    )
    op.create_table(
        "discrepancy",
        *_aggregate(),
        *_text("state"),
        sa.Column("disbursement", sa.Uuid(), nullable=False),
        *_text("reference", "booked_outcome"),
        sa.Column("booked_on", sa.Date(), nullable=False),
        *_text("said_outcome"),
        sa.Column("said_on", sa.Date(), nullable=False),
        *_text("reason", nullable=True),
        *_text("taken_by"),
        sa.Column("noted_on", sa.Date(), nullable=False),
        *_text("resolution", "explanation", "resolved_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_discrepancy"),
        sa.ForeignKeyConstraint(["disbursement"], ["disbursement.id"], name="fk_discrepancy_disbursement"),
        sa.UniqueConstraint("reference", "said_outcome", "said_on", name="uq_discrepancy_said"),
    )
    op.create_index("ix_discrepancy_disbursement", "discrepancy", ["disbursement"])
    op.create_index("ix_discrepancy_updated_at", "discrepancy", ["updated_at", "id"])


_KEEP = """INSERT INTO payment_reference (reference, disbursement, sequence, subject, attempt)
    SELECT line ->> 'reference', {batch}.id, nth, coalesce(line ->> 'claim', line ->> 'instalment')::uuid, {attempt}
    FROM {source} jsonb_array_elements({batch}.lines) WITH ORDINALITY each (line, nth)"""
_BEFORE = """row_number() OVER (
        PARTITION BY coalesce(line ->> 'claim', line ->> 'instalment') ORDER BY d.created_at, d.id)"""
_NEXT = """coalesce((line ->> 'attempt')::integer, 1 + (SELECT count(*) FROM payment_reference
            WHERE subject = coalesce(line ->> 'claim', line ->> 'instalment')::uuid)::integer)"""
REFERENCES = (
    # A payment has one reference, a place in one batch, and each instalment or claim one payment per attempt.
    _KEEP.format(batch="d", attempt=_BEFORE, source="disbursement d,"),
    f"""CREATE FUNCTION disbursement_keep_references() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {_KEEP.format(batch="NEW", attempt=_NEXT, source="")};
        RETURN NULL;
    END $$""",
    (
        "CREATE TRIGGER disbursement_references AFTER INSERT ON disbursement "
        "FOR EACH ROW EXECUTE FUNCTION disbursement_keep_references()"
    ),
)
NOBODY_TWICE = (
    "checked_by IS NULL OR (checked_by <> submitted_by AND checked_by <> drafted_by AND approval_persons_differ("
    "jsonb_build_array(drafted_by, submitted_by, checked_by), chain))"
)
_SUBJECT = "hashtextextended(subject, 0)::numeric * 18446744073709551616 + hashtextextended(subject, 1)::numeric"

GUARDS = (
    # Nobody is reimbursed twice for a day and category: the exclusion constraint is on a number line with ten million
    # days for every cost object and category, so that it needs no extension.
    f"""ALTER TABLE claim_day ADD CONSTRAINT ex_claim_day_once EXCLUDE USING gist (numrange(
        ({_SUBJECT}) * 10000000 + (from_day - DATE '0001-01-01'),
        ({_SUBJECT}) * 10000000 + (to_day - DATE '0001-01-01'), '[]') WITH &&)""",
    # A claim that counts takes its invoices and days; one that does not count any more lets go of them.
    r"""CREATE FUNCTION claim_takes_invoices_and_days() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM claim_invoice WHERE claim = NEW.id;
        DELETE FROM claim_day WHERE claim = NEW.id;
        IF NEW.state NOT IN ('draft', 'returned', 'refused', 'withdrawn') THEN
            INSERT INTO claim_invoice (number, claim)
            SELECT upper(regexp_replace(evidence ->> 'number', '[\s-]', '', 'g')), NEW.id
            FROM jsonb_array_elements(NEW.lines) line, jsonb_array_elements(line -> 'evidence') evidence
            WHERE evidence ->> 'kind' = 'invoice' ORDER BY 1;
            INSERT INTO claim_day (claim, line, subject, from_day, to_day)
            SELECT NEW.id, nth, NEW.cost_kind || '/' || NEW.cost_object || '/' || (line ->> 'category'),
                (line ->> 'from_day')::date, (line ->> 'to_day')::date
            FROM jsonb_array_elements(NEW.lines) WITH ORDINALITY each (line, nth)
            WHERE line ->> 'per' IN ('day', 'person_day') ORDER BY 3, 4;
        END IF;
        RETURN NULL;
    END $$""",
    (
        "CREATE TRIGGER claim_takes_at_once AFTER INSERT ON claim "
        "FOR EACH ROW EXECUTE FUNCTION claim_takes_invoices_and_days()"
    ),
    (
        "CREATE TRIGGER claim_takes AFTER UPDATE ON claim FOR EACH ROW "
        "WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.lines IS DISTINCT FROM NEW.lines) "
        "EXECUTE FUNCTION claim_takes_invoices_and_days()"
    ),
)
