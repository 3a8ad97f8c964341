"""Credentials in three forms, and their places in status lists.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEEP = """
CREATE FUNCTION certificate_keeps_its_status_slot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status_index IS NOT NULL AND (NEW.status_list, NEW.status_index)
            IS DISTINCT FROM (OLD.status_list, OLD.status_index) THEN
        RAISE EXCEPTION 'a certificate keeps its place in the status list'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_certificate_keeps_its_status_slot';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("status_serial", minvalue=0, start=0)))
    op.create_table(
        "status_list",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_status_list"),
        sa.CheckConstraint("number >= 0 AND octet_length(key) = 32", name="ck_status_list_number_and_key"),
    )
    for name in ("embedded", "slip"):
        op.add_column("certificate", sa.Column(name, sa.LargeBinary(), nullable=True))
    for name in ("status_list", "status_index"):
        op.add_column("certificate", sa.Column(name, sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_certificate_status_list"), "certificate", "status_list", ["status_list"], ["number"])
    op.create_check_constraint(
        op.f("ck_certificate_status_slot_whole"), "certificate", "(status_list IS NULL) = (status_index IS NULL)"
    )
    op.create_check_constraint(
        op.f("ck_certificate_status_index_in_list"), "certificate", "status_index BETWEEN 0 AND 131071"
    )
    op.create_unique_constraint(op.f("uq_certificate_status_slot"), "certificate", ["status_list", "status_index"])
    op.create_index(
        "ix_certificate_marked",
        "certificate",
        ["status_list", "state", "status_index"],
        postgresql_where=sa.text("state IN ('suspended', 'revoked', 'reissued')"),
    )
    op.execute(_KEEP)
    op.execute(
        "CREATE TRIGGER certificate_keeps_its_status_slot BEFORE UPDATE OF status_list, status_index ON certificate "
        "FOR EACH ROW EXECUTE FUNCTION certificate_keeps_its_status_slot()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER certificate_keeps_its_status_slot ON certificate")
    op.execute("DROP FUNCTION certificate_keeps_its_status_slot()")
    op.drop_index("ix_certificate_marked", table_name="certificate")
    op.drop_constraint(op.f("uq_certificate_status_slot"), "certificate")
    op.drop_constraint(op.f("ck_certificate_status_index_in_list"), "certificate")
    op.drop_constraint(op.f("ck_certificate_status_slot_whole"), "certificate")
    op.drop_constraint(op.f("fk_certificate_status_list"), "certificate")
    for name in ("status_index", "status_list", "slip", "embedded"):
        op.drop_column("certificate", name)
    op.drop_table("status_list")
    op.execute("DROP SEQUENCE status_serial")
