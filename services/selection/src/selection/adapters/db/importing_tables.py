"""The tables of imports: what each row of a sheet came to, and the registration beside an imported application."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.tables import aggregate_columns, moment


def importing_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Define ``registration`` and ``import_row`` in ``metadata``; nothing in them tells who a person is."""
    registration = Table(
        "registration", metadata, *aggregate_columns(),
        Column("call_id", Uuid, ForeignKey("call.id"), nullable=False),
        Column("job_id", Uuid, nullable=False), Column("organisation", Text, nullable=False),
        Column("by", Text, nullable=False), Column("digest", LargeBinary, nullable=False),
        Column("claim_index", LargeBinary, nullable=False), moment("consent_stated_at"),
        moment("claimed_at", nullable=True),
        UniqueConstraint("claim_index"),
    )  # fmt: skip
    import_row = Table(
        "import_row", metadata,
        Column("job_id", Uuid, ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
        Column("number", Integer, nullable=False), Column("outcome", Text, nullable=False),
        Column("identity_index", LargeBinary), Column("likeness", LargeBinary), Column("digest", LargeBinary),
        Column("problems", JSONB(none_as_null=True)), Column("application", Uuid),
        PrimaryKeyConstraint("job_id", "number"),
        CheckConstraint("outcome IN ('ok', 'wrong', 'unchanged', 'applied')", name="outcome_known"),
        Index("ix_import_row_identity", "job_id", "identity_index"),
        Index("ix_import_row_likeness", "job_id", "likeness"),
    )  # fmt: skip
    return registration, import_row
