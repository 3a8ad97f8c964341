"""Tables of what is prepared before the start: agreements with their pages and files, mentorships, plans."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from placement.adapters.db.tables.columns import dates, json, metadata, participation_of, texts
from shared.work.tables import aggregate_columns, moment

MENTORED_DAYS = (
    "numrange("
    "(hashtextextended(participation::text, 0)::numeric * 18446744073709551616"
    " + hashtextextended(participation::text, 1)::numeric) * 10000000 + (starts_on - DATE '0001-01-01'), "
    "(hashtextextended(participation::text, 0)::numeric * 18446744073709551616"
    " + hashtextextended(participation::text, 1)::numeric) * 10000000 + (coalesce(ends_on, DATE '9999-12-31') - DATE '0001-01-01'), '[]')"
)
"""The days of a mentorship on a number line where every placement has ten million days of its own, as of segments;
who has no last day yet is there for ever."""


def one_at_a_time(name: str, where: str) -> ExcludeConstraint:
    """One row of a placement at most that is ``where``, looked at when the transaction commits."""
    return ExcludeConstraint(
        ("participation", "="), name=name, using="btree", where=text(where), deferrable=True, initially="DEFERRED"
    )


EMPTY = text("'{}'::jsonb")
NONE = text("'[]'::jsonb")

agreement = Table(
    "agreement",
    metadata,
    *aggregate_columns(),
    participation_of(),
    Column("edition", Integer, nullable=False),
    Column("amends", Uuid),
    *json("parties", "duties"),
    Column("responsibilities", JSONB, nullable=False, server_default=EMPTY),
    Column("service_years", Integer),
    *texts("state"),
    *texts("amendment_reason", "refused_by", "refusal_reason", "filing_number", "termination_reason", null=True),
    *dates("offered_on", "in_force_on", "filed_on", "ended_on"),
    UniqueConstraint("filing_number"),
    CheckConstraint("agreement_shares_whole(parties)", name="shares"),
    CheckConstraint("agreement_areas_covered(responsibilities)", name="responsibilities"),
    CheckConstraint(
        "state NOT IN ('in_force', 'filed') OR NOT parties @? '$[*] ? (@.signed_on == null)'", name="signed"
    ),
    Index("uq_agreement_open", "participation", unique=True, postgresql_where=text("state IN ('draft', 'offered')")),
    one_at_a_time("ex_agreement_binding", "state IN ('in_force', 'filed')"),
)
"""``signed``: nothing binds that a party has not signed."""

agreement_filing = Table(
    "agreement_filing",
    metadata,
    *aggregate_columns(),
    participation_of(),
    Column("agreement", Uuid, ForeignKey("agreement.id"), nullable=False),
    Column("edition", Integer, nullable=False),
    *texts("document", "sha256", "state"),
    *json("submissions"),
    CheckConstraint("sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex')", name="sha256"),
    Index("uq_agreement_filing_living", "agreement", unique=True, postgresql_where=text("state <> 'lapsed'")),
    Index("ix_agreement_filing_updated_at", "updated_at", "id"),
)

agreement_page = Table(
    "agreement_page",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agreement", Uuid, ForeignKey("agreement.id"), nullable=False),
    *texts("sha256", "media_type", "uploaded_by"),
    Column("size", Integer, nullable=False),
    *dates("uploaded_on", null=False),
    Column("content", LargeBinary, nullable=False),
    moment("created_at", default=True),
    UniqueConstraint("agreement", "sha256"),
    CheckConstraint("size = octet_length(content) AND size BETWEEN 1 AND 5242880", name="size"),
    CheckConstraint("sha256 = encode(sha256(content), 'hex')", name="sha256"),
    CheckConstraint("media_type IN ('application/pdf', 'image/png', 'image/jpeg')", name="media_type"),
)

mentorship = Table(
    "mentorship",
    metadata,
    *aggregate_columns(),
    participation_of(),
    *texts("host", "account", "state"),
    Column("mentor", Uuid, ForeignKey("mentor.id"), nullable=False),
    Column("replaces", Uuid),
    *dates("contacted_on", "active_on", "starts_on", "ends_on", "ended_on"),
    CheckConstraint("ends_on >= starts_on", name="days"),
    one_at_a_time("ex_mentorship_open", "state IN ('proposed', 'pre_contact_done', 'active')"),
    ExcludeConstraint(
        (text(MENTORED_DAYS), "&&"),
        name="ex_mentorship_days",
        using="gist",
        where=text("starts_on IS NOT NULL"),
        deferrable=True,
        initially="DEFERRED",
    ),
    Index("ix_mentorship_account", "account"),
)

plan = Table(
    "plan",
    metadata,
    *aggregate_columns(),
    participation_of(),
    *texts("host", "post", "state"),
    Column("edition", Integer, nullable=False),
    Column("revises", Uuid),
    *json("tasks", "inputs", "parts", "outcomes"),
    Column("aims", JSONB, nullable=False, server_default=EMPTY),
    Column("consultations", JSONB, nullable=False, server_default=NONE),
    *texts("revision_reason", "trainee_comments", "host_answer", null=True),
    Column("trainee_agrees", Boolean),
    *dates("consulted_on", "answered_on", "approved_on", "in_force_on"),
    CheckConstraint("state NOT IN ('host_approved', 'in_force') OR consulted_on IS NOT NULL", name="consulted"),
    CheckConstraint(
        "state NOT IN ('host_approved', 'in_force') OR trainee_agrees IS NOT FALSE OR host_answer IS NOT NULL"
        " OR consultations = '[]'::jsonb",
        name="answered",
    ),
    Index(
        "uq_plan_open",
        "participation",
        unique=True,
        postgresql_where=text("state IN ('draft', 'trainee_consulted')"),
    ),
)
"""``answered``: plans from before consultations were kept one by one have none, and are left as they were."""
