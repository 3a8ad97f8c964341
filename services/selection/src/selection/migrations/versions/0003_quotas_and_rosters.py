"""Quota counters and seats, the state of a vacancy."""

from __future__ import annotations

import json
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_CHILD = """
CREATE FUNCTION quota_child_below_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM quota_node p WHERE p.session_id = NEW.session_id AND p.code = NEW.parent AND (p.reserved, p.used) <> (
            SELECT greatest(p.reserved, sum(c.reserved)), greatest(p.used, sum(c.used)) FROM quota_node c
            WHERE c.session_id = NEW.session_id AND c.parent = NEW.parent)
    ) THEN
        RAISE EXCEPTION 'the nodes below % hold more than it does', NEW.parent
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quota_child_below_parent';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.add_column("application", sa.Column("placed_on", sa.Date))
    _seats()
    _vacancies()
    _fill()
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")


def downgrade() -> None:
    for name in ("state_known", "filled_by_somebody", "offered_to_somebody"):
        op.drop_constraint(op.f(f"ck_vacancy_{name}"), "vacancy")
    op.drop_index("ix_vacancy_state", "vacancy")
    for name in ("offers", "answer_by", "offered_to", "stage", "state"):
        op.drop_column("vacancy", name)
    op.drop_column("application", "placed_on")
    op.drop_table("seat")
    op.drop_table("quota_node")
    op.execute("DROP FUNCTION quota_child_below_parent()")


def _seats() -> None:
    op.create_table(
        "quota_node",
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id", name="fk_quota_node_session_id"), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("min", sa.Integer, nullable=False),
        sa.Column("max", sa.Integer, nullable=False),
        sa.Column("reserved", sa.Integer, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "code", name="pk_quota_node"),
        sa.CheckConstraint("reserved >= 0 AND used >= 0", name=op.f("ck_quota_node_counts_whole")),
        sa.CheckConstraint("reserved + used <= max", name=op.f("ck_quota_node_within_max")),
        sa.CheckConstraint("(parent IS NULL) = (code = 'session')", name=op.f("ck_quota_node_one_root")),
    )
    op.execute(_CHILD)
    op.execute(
        "CREATE CONSTRAINT TRIGGER quota_child_below_parent AFTER INSERT OR UPDATE ON quota_node "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.parent IS NOT NULL) "
        "EXECUTE FUNCTION quota_child_below_parent()"
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id", name="fk_seat_session_id"), nullable=False),
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("traits", JSONB, nullable=False),
        sa.Column("participation", sa.Uuid, sa.ForeignKey("application.id", name="fk_seat_participation")),
        sa.Column("unit", sa.Text),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.CheckConstraint(
            "state IN ('reserved', 'used', 'released', 'expired', 'vacated')", name=op.f("ck_seat_state_known")
        ),
        sa.CheckConstraint("state <> 'used' OR participation IS NOT NULL", name=op.f("ck_seat_used_by_somebody")),
    )
    op.create_index("ix_seat_session_id_state", "seat", ["session_id", "state"])
    op.create_index("ix_seat_expires_at", "seat", ["expires_at"], postgresql_where=sa.text("state = 'reserved'"))
    op.create_index(
        "uq_seat_live_participation", "seat", ["participation"], unique=True,
        postgresql_where=sa.text("state IN ('reserved', 'used')"),
    )  # fmt: skip


def _vacancies() -> None:
    """Give every vacancy a state; what was filled is filled, the rest is vacant until its last day passes."""
    op.add_column("vacancy", sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'vacant'")))
    op.add_column("vacancy", sa.Column("stage", sa.Text))
    offered_to = sa.ForeignKey("application.id", name="fk_vacancy_offered_to")
    op.add_column("vacancy", sa.Column("offered_to", sa.Uuid, offered_to))
    op.add_column("vacancy", sa.Column("answer_by", sa.DateTime(timezone=True)))
    op.add_column("vacancy", sa.Column("offers", JSONB, nullable=False, server_default=sa.text("'[]'")))
    op.execute("UPDATE vacancy SET state = 'filled' WHERE promoted IS NOT NULL")
    op.create_unique_constraint("uq_vacancy_offered_to", "vacancy", ["offered_to"])
    op.create_check_constraint(
        op.f("ck_vacancy_state_known"), "vacancy", "state IN ('open', 'offered', 'filled', 'vacant', 'lapsed')"
    )
    op.create_check_constraint(
        op.f("ck_vacancy_filled_by_somebody"), "vacancy", "(state = 'filled') = (promoted IS NOT NULL)"
    )
    op.create_check_constraint(
        op.f("ck_vacancy_offered_to_somebody"), "vacancy",
        "(state = 'offered') = (offered_to IS NOT NULL) AND (offered_to IS NULL) = (answer_by IS NULL)",
    )  # fmt: skip
    op.create_index("ix_vacancy_state", "vacancy", ["state", "session_id"])


def _fill() -> None:
    """Lay out the trees of sessions that are open already and seat whoever is on their rosters."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, quota, quota_nodes FROM session"))
    for session, quota, nodes in rows.all():
        entries = connection.execute(
            sa.text("SELECT jsonb_array_elements(entries) FROM roster WHERE session_id = :s AND roster_version > 0"),
            {"s": session},
        ).scalars()
        placed = [each for each in entries if each["standing"] in ("selected", "promoted")]
        homes = [_home(nodes, each["traits"]) for each in placed]
        _insert_nodes(connection, session, quota, nodes, homes)
        for entry, home in zip(placed, homes, strict=True):
            connection.execute(
                sa.text(
                    "INSERT INTO seat (id, state, session_id, node, traits, participation, reason, made_by) "
                    "VALUES (:id, 'used', :s, :node, CAST(:traits AS jsonb), :p, 'fixed', 'migration')"
                ),
                {"id": uuid.uuid4(), "s": session, "node": home[0], "p": uuid.UUID(entry["application"]),
                 "traits": json.dumps(entry["traits"])},
            )  # fmt: skip


def _home(nodes: list[dict[str, Any]], traits: dict[str, str]) -> list[str]:
    """Codes from the deepest node that holds these traits up to the session."""
    path, parent = ["session"], None
    while True:
        below = next(
            (
                node
                for node in nodes
                if node["parent"] == parent
                and all(traits.get(dimension) in values for dimension, values in node["match"].items())
            ),
            None,
        )
        if below is None:
            return path
        parent = below["code"]
        path.insert(0, parent)


def _insert_nodes(
    connection: sa.Connection, session: uuid.UUID, quota: int, nodes: list[dict[str, Any]], homes: list[list[str]]
) -> None:
    layer: list[dict[str, Any]] = [{"code": "session", "parent": None, "min": 0, "max": quota}]
    ordinal = 0
    while layer:
        for node in layer:
            connection.execute(
                sa.text("INSERT INTO quota_node VALUES (:s, :code, :parent, :n, :min, :max, 0, :used)"),
                {"s": session, "n": ordinal, "used": sum(node["code"] in home for home in homes),
                 "code": node["code"], "min": node["min"], "max": min(node["max"], quota),
                 "parent": node["parent"] if node["code"] == "session" else node["parent"] or "session"},
            )  # fmt: skip
            ordinal += 1
        codes = {None if node["code"] == "session" else node["code"] for node in layer}
        layer = [node for node in nodes if node["parent"] in codes]
