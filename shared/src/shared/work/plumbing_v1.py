"""The first version of the plumbing tables, frozen, for the first migration of every service."""

from __future__ import annotations

from alembic.operations import Operations

_LATER_EVENT = """
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_{0} PRIMARY KEY,
    consumer text NOT NULL, source text NOT NULL, aggregate_id text NOT NULL, event_id uuid NOT NULL,
    aggregate_seq integer NOT NULL, topic text NOT NULL, partition integer NOT NULL, "offset" bigint NOT NULL,
    headers jsonb NOT NULL, raw bytea NOT NULL, error text NOT NULL, attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), deadline_at timestamptz,
    resolution text, resolved_by text, resolved_at timestamptz,
    CONSTRAINT uq_{0}_consumer_source_event_id UNIQUE (consumer, source, event_id)
"""

_UP = (
    """CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_outbox PRIMARY KEY,
    event_id uuid NOT NULL CONSTRAINT uq_outbox_event_id UNIQUE,
    aggregate_type text NOT NULL, aggregate_id text NOT NULL, aggregate_seq integer NOT NULL,
    shard smallint NOT NULL DEFAULT 0, type text NOT NULL, schema_version integer NOT NULL,
    payload jsonb NOT NULL, headers jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), published_at timestamptz,
    attempts integer NOT NULL DEFAULT 0, last_error text,
    CONSTRAINT uq_outbox_aggregate_type_aggregate_id_aggregate_seq UNIQUE (aggregate_type, aggregate_id, aggregate_seq)
    )""",
    "CREATE INDEX ix_outbox_unpublished ON outbox (shard, id) WHERE published_at IS NULL",
    """CREATE TABLE event_archive (
    id bigint CONSTRAINT pk_event_archive PRIMARY KEY,
    event_id uuid NOT NULL CONSTRAINT uq_event_archive_event_id UNIQUE,
    aggregate_type text NOT NULL, aggregate_id text NOT NULL, aggregate_seq integer NOT NULL,
    type text NOT NULL, schema_version integer NOT NULL, payload jsonb NOT NULL, headers jsonb NOT NULL,
    created_at timestamptz NOT NULL, published_at timestamptz NOT NULL
    )""",
    """CREATE TABLE stream (
    aggregate_type text NOT NULL, aggregate_id text NOT NULL, seq integer NOT NULL,
    CONSTRAINT pk_stream PRIMARY KEY (aggregate_type, aggregate_id)
    )""",
    """CREATE TABLE inbox (
    consumer text NOT NULL, source text NOT NULL, event_id uuid NOT NULL,
    partition integer NOT NULL, "offset" bigint NOT NULL, processed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_inbox PRIMARY KEY (consumer, source, event_id)
    )""",
    """CREATE TABLE aggregate_cursor (
    consumer text NOT NULL, source text NOT NULL, aggregate_id text NOT NULL, last_seq integer NOT NULL,
    CONSTRAINT pk_aggregate_cursor PRIMARY KEY (consumer, source, aggregate_id)
    )""",
    f"CREATE TABLE parked ({_LATER_EVENT.format('parked')})",
    "CREATE INDEX ix_parked_open ON parked (consumer, aggregate_id, id) WHERE resolution IS NULL",
    f"CREATE TABLE pending ({_LATER_EVENT.format('pending')})",
    "CREATE INDEX ix_pending_open ON pending (consumer, aggregate_id, id) WHERE resolution IS NULL",
    """CREATE TABLE idempotency (
    principal text NOT NULL, key varchar(255) NOT NULL, route text NOT NULL, request_hash bytea NOT NULL,
    status smallint, headers jsonb, response bytea, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency PRIMARY KEY (principal, key)
    )""",
    "CREATE INDEX ix_idempotency_created_at ON idempotency (created_at)",
    """CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(), business_at timestamptz NOT NULL,
    subject text NOT NULL, organisation text NOT NULL, roles jsonb NOT NULL, action text NOT NULL,
    object_type text NOT NULL, object_id text NOT NULL, outcome text NOT NULL, purpose text, trace text,
    details jsonb NOT NULL
    )""",
    "CREATE INDEX ix_audit_object ON audit (object_type, object_id, id)",
    """CREATE TABLE relay_lease (
    shard smallint CONSTRAINT pk_relay_lease PRIMARY KEY, owner text NOT NULL, epoch bigint NOT NULL,
    expires timestamptz NOT NULL
    )""",
    """CREATE TABLE timer (
    id uuid CONSTRAINT pk_timer PRIMARY KEY, kind text NOT NULL, case_id uuid NOT NULL,
    due_at timestamptz NOT NULL, done_at timestamptz,
    CONSTRAINT uq_timer_kind_case_id UNIQUE (kind, case_id)
    )""",
    "CREATE INDEX ix_timer_due ON timer (due_at) WHERE done_at IS NULL",
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)

_TABLES = (
    "outbox", "event_archive", "stream", "inbox", "aggregate_cursor", "parked", "pending", "idempotency", "audit",
    "relay_lease", "timer",
)  # fmt: skip


def create_plumbing_v1(op: Operations) -> None:
    """Create the plumbing tables and the trigger function ``refuse_change()`` for append-only tables."""
    for statement in _UP:
        op.execute(statement)


def drop_plumbing_v1(op: Operations) -> None:
    """Undo ``create_plumbing_v1``."""
    for table in _TABLES:
        op.execute(f"DROP TABLE {table} CASCADE")
    op.execute("DROP FUNCTION refuse_change()")
