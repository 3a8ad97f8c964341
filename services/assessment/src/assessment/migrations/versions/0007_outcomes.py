"""The verification token of a certificate is kept, sealed, so that a rotation of the vault's key does not change links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; certificates from before get theirs with the next rotation."""
    op.add_column("certificate", sa.Column("token", sa.LargeBinary()))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("certificate", "token")
