"""The first version of the tables of the audit tree, frozen, for a migration of every service."""

from __future__ import annotations

from alembic.operations import Operations

_UP = (
    """CREATE TABLE audit_leaf (
    position bigint CONSTRAINT pk_audit_leaf PRIMARY KEY,
    audit_id bigint NOT NULL CONSTRAINT uq_audit_leaf_audit_id UNIQUE,
    hash bytea NOT NULL
    )""",
    """CREATE TABLE audit_checkpoint (
    size bigint CONSTRAINT pk_audit_checkpoint PRIMARY KEY,
    root bytea NOT NULL, frontier bytea NOT NULL, at timestamptz NOT NULL, signature text NOT NULL
    )""",
    """CREATE TRIGGER audit_leaf_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_checkpoint_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def create_audit_tree_v1(op: Operations) -> None:
    """Create the tables of the tree, for a migration of every service."""
    for statement in _UP:
        op.execute(statement)


def drop_audit_tree_v1(op: Operations) -> None:
    """Undo ``create_audit_tree_v1``."""
    op.execute("DROP TABLE audit_checkpoint")
    op.execute("DROP TABLE audit_leaf")
