"""The Merkle tree over the audit trail: leaves and signed checkpoints."""

from __future__ import annotations

from typing import cast

from alembic import op
from alembic.operations import Operations

from shared.work.audit_tree_v1 import create_audit_tree_v1, drop_audit_tree_v1

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_audit_tree_v1(cast(Operations, op))


def downgrade() -> None:
    drop_audit_tree_v1(cast(Operations, op))
