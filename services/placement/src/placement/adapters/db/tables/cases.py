"""Tables of cases and what belongs to them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from placement.adapters.db.tables.columns import dates, json, metadata, participation_of, texts
from shared.work.tables import aggregate_columns

SEGMENT_DAYS = (
    "numrange("
    "(hashtextextended(account, 0)::numeric * 18446744073709551616 + hashtextextended(account, 1)::numeric)"
    " * 10000000 + (starts_on - DATE '0001-01-01'), "
    "(hashtextextended(account, 0)::numeric * 18446744073709551616 + hashtextextended(account, 1)::numeric)"
    " * 10000000 + (ends_on - DATE '0001-01-01'), '[]')"
)
"""The days of a segment on a number line where every account has ten million days of its own (128 bits of hash), so
that an exclusion constraint needs no extension: the built-in GiST class of ranges does what ``btree_gist`` would.

Days and share are two sides of a rectangle: as no two rectangles of an account overlap, the shares of a day are never
more than 100. A trigger holds every share beside the first to days on which its placement has the first one (0 onwards),
so that two placements can never divide a day between them."""

policy = Table(
    "policy",
    metadata,
    *aggregate_columns(),
    *texts("programme", "policy_version", "sha256"),
    *texts("inherits", null=True),
    *json("content", "effective"),
    Column("used", Boolean, nullable=False),
    UniqueConstraint("programme", "policy_version"),
)

host = Table(
    "host",
    metadata,
    *aggregate_columns(),
    *texts("code", "path", "type", "province", "name_zh", "name_en", "sector"),
    *texts("area", "unit_class", null=True),
    *json("specialty_groups", "specialties"),
    *texts("coordinator", null=True),
    Column("state", Text, nullable=False, server_default=text("'active'")),
    UniqueConstraint("code"),
    UniqueConstraint("path"),
)

mentor = Table(
    "mentor",
    metadata,
    *aggregate_columns(),
    *texts("account", "host", "title_level"),
    *json("specialties"),
    Column("load_limit", Integer, nullable=False),
    Column("load", Integer, nullable=False),
    *dates("employed_from", "employed_until"),
    CheckConstraint("employed_until >= employed_from", name="employed"),
    UniqueConstraint("host", "account"),
    CheckConstraint("load BETWEEN 0 AND load_limit", name="load"),
)

offer = Table(
    "offer",
    metadata,
    *aggregate_columns(),
    *texts("host", "programme", "policy_version", "session", "specialty_group", "state"),
    *json("specialties"),
    Column("priorities", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("capacity", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    CheckConstraint("accepted BETWEEN 0 AND capacity", name="capacity"),
    Index("uq_offer_open", "host", "session", "specialty_group", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_offer_session", "session"),
)

run = Table(
    "matching_run",
    metadata,
    *aggregate_columns(),
    *texts("session", "method", "policy_version", "input_sha256", "made_by", "state"),
    *texts("decided_by", "proposal_sha256", null=True),
    *json("report", "proposals", "unmatched"),
    Index("ix_matching_run_session", "session"),
)

placement = Table(
    "placement",
    metadata,
    *aggregate_columns(),
    *texts("account", "programme", "batch", "session", "direction", "specialty", "specialty_group"),
    *texts("study_direction", "sending_unit", "origin_area", "title_level", "term", "policy_version", "state"),
    *texts("focus_area", "host", "host_province", "decline_reason", "mentor", "punctuality", null=True),
    *texts("position_class", "destination", "staff_category", null=True),
    *texts("end_kind", "end_reason", null=True),
    Column("roster", Uuid, nullable=False),
    Column("roster_version", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("days_served", Integer),
    *dates("planned_start", "planned_end", null=False),
    *dates(
        "proposed_on",
        "agreement_on",
        "mentor_on",
        "plan_on",
        "pre_training_on",
        "arrived_on",
        "ended_on",
        "returned_on",
        "formalities_on",
    ),
    *(Column(name, Uuid) for name in ("offer", "run", "agreement", "mentorship", "plan")),
    *json("host_preferences", "declined_hosts"),
    CheckConstraint("planned_end >= planned_start", name="term"),
    CheckConstraint("days_served IS NULL OR days_served >= 0", name="days_served"),
    Index("ix_placement_session", "session", "state"),
    Index("ix_placement_confirmed", "planned_start", postgresql_where=text("state = 'confirmed'")),
    Index("ix_placement_account", "account"),
    Index("ix_placement_host", "host"),
    Index("ix_placement_sending_unit", "sending_unit", postgresql_ops={"sending_unit": "text_pattern_ops"}),
    Index("ix_placement_updated_at", "updated_at", "id"),
)

leaving = Table(
    "leaving",
    metadata,
    *aggregate_columns(),
    Column("withdrawn", Boolean, nullable=False),
    Column("roster_version", Integer),
    *texts("reason"),
)

segment = Table(
    "segment",
    metadata,
    *aggregate_columns(),
    Column("placement", Uuid, ForeignKey("placement.id"), nullable=False, index=True),
    *texts("account", "host", "state"),
    *dates("starts_on", "ends_on", null=False),
    Column("share", Integer, nullable=False, server_default=text("100")),
    Column("share_from", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("ends_on >= starts_on", name="days"),
    Index("ix_segment_shared", "host", postgresql_where=text("share < 100")),
    CheckConstraint("share >= 1 AND share_from >= 0 AND share_from + share <= 100", name="share"),
    ExcludeConstraint(
        (text(SEGMENT_DAYS), "&&"),
        (text("int4range(share_from, share_from + share)"), "&&"),
        name="ex_segment_days",
        using="gist",
        where=text("state <> 'void'"),
        deferrable=True,
        initially="DEFERRED",
    ),
)

report = Table(
    "report",
    metadata,
    *aggregate_columns(),
    participation_of(),
    *texts("period", "state"),
    *dates("covers_from", "covers_to", "due_on", null=False),
    *json("recipients", "acknowledged"),
    *texts("text", "reference", "return_reason", null=True),
    *dates("submitted_on"),
    UniqueConstraint("participation", "period"),
    Index("ix_report_due", "due_on", postgresql_where=text("state = 'due'")),
    Index("ix_report_owed", "due_on", postgresql_where=text("state IN ('due', 'overdue', 'returned')")),
)
