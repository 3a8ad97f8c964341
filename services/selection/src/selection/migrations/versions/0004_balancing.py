"""Balancing runs with their certificate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Method and proof of a run; input and certificate in a row of their own, so that lists stay light."""
    op.add_column("balancing_run", sa.Column("method", sa.Text, nullable=False, server_default=sa.text("'greedy'")))
    op.add_column("balancing_run", sa.Column("proved", sa.Boolean, nullable=False, server_default=sa.text("true")))
    op.create_check_constraint(op.f("ck_balancing_run_method_known"), "balancing_run", "method IN ('greedy', 'duals')")
    op.create_table(
        "balancing_certificate",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column(
            "run_id", sa.Uuid, sa.ForeignKey("balancing_run.id", name="fk_balancing_certificate_run_id"), nullable=False
        ),
        sa.Column("given", JSONB, nullable=False),
        sa.Column("answer", JSONB, nullable=False),
        sa.UniqueConstraint("run_id", name="uq_balancing_certificate_run_id"),
    )


def downgrade() -> None:
    """Runs keep their proposal, the certificates go."""
    op.drop_table("balancing_certificate")
    op.drop_constraint(op.f("ck_balancing_run_method_known"), "balancing_run")
    op.drop_column("balancing_run", "proved")
    op.drop_column("balancing_run", "method")
