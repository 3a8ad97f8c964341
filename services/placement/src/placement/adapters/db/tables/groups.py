"""Tables of study groups."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from placement.adapters.db.tables.columns import dates, json, metadata, participation_of, texts
from shared.work.tables import aggregate_columns, moment


def _of_group() -> Column[object]:
    return Column("group", Uuid, ForeignKey("study_group.id"), nullable=False)


study_group = Table(
    "study_group",
    metadata,
    *aggregate_columns(),
    *texts("region", "programme", "policy_version", "session", "name", "state"),
    *(Column(name, Integer, nullable=False) for name in ("size", "smallest", "largest")),
    *texts("size_reason", "leader_account", null=True),
    Column("leader", Uuid),
    *dates("formed_on", null=False),
    *dates("activated_on", "dissolved_on"),
    CheckConstraint("size >= 0", name="size"),
    CheckConstraint("(leader IS NULL) = (state IN ('formed', 'dissolved'))", name="led"),
    UniqueConstraint("region", "session", "name"),
    Index("ix_study_group_leader_account", "leader_account"),
)

group_membership = Table(
    "group_membership",
    metadata,
    *aggregate_columns(),
    _of_group(),
    participation_of(),
    *texts("account", "sending_unit"),
    *dates("joined_on", null=False),
    *dates("left_on"),
    CheckConstraint("left_on >= joined_on", name="days"),
    Index("uq_group_membership_running", "participation", unique=True, postgresql_where=text("left_on IS NULL")),
    Index("ix_group_membership_group", "group"),
)

group_log = Table(
    "group_log",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("line", BigInteger, Identity(always=True), nullable=False),
    _of_group(),
    participation_of(),
    *texts("change", "reason", "by"),
    moment("at"),
    Index("ix_group_log_group", "group", "line"),
)

group_report = Table(
    "group_report",
    metadata,
    *aggregate_columns(),
    _of_group(),
    Column("period", Integer, nullable=False),
    *dates("covers_from", "covers_to", "due_on", null=False),
    *json("recipients", "acknowledged"),
    *texts("state"),
    *texts("text", "reference", "attachment_sha256", "return_reason", null=True),
    *dates("submitted_on"),
    CheckConstraint("attachment_sha256 ~ '^[0-9a-f]{64}$'", name="attachment"),
    UniqueConstraint("group", "period"),
    Index("ix_group_report_owed", "due_on", "id", postgresql_where=text("state IN ('due', 'overdue', 'returned')")),
)

meeting = Table(
    "group_meeting",
    metadata,
    *aggregate_columns(),
    _of_group(),
    *texts("state", "place", "called_by"),
    moment("starts_at"),
    Index("uq_group_meeting_called", "group", "starts_at", unique=True, postgresql_where=text("state = 'called'")),
)
