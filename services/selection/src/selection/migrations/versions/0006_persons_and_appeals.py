"""The person vault whole, appeals and corrections.

Sealed attributes move into a table of their own. The two columns they leave stay, nullable and unused, until a later
revision drops them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = ("appeal", "correction", "legal_hold", "composition_statistic", "vault_read", "vault_item", "consent")


def _aggregate() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    ]


def _text(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, name: str, target: str, *, nullable: bool = False) -> sa.Column[object]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.Uuid, key, nullable=nullable)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=sa.schema.conv(f"ck_{table}_{name}"))


def _known(table: str, name: str, *values: str) -> sa.CheckConstraint:
    return _check(table, f"{name}_known", f"{name} IN ({', '.join(repr(value) for value in values)})")


def upgrade() -> None:
    _vault()
    _rights()
    _appeals()
    for table, rule in (("vault_read", "UPDATE"), ("composition_statistic", "UPDATE OR DELETE")):
        op.execute(
            f"CREATE FUNCTION {table}_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} is never changed'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stands BEFORE {rule} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stands()"
        )


def _vault() -> None:
    for name in ("wrapped_key", "identity_sealed", "identity_index"):
        op.alter_column("person", name, nullable=True)
    op.add_column("person", sa.Column("key_id", sa.Text))
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.execute(
        "ALTER TABLE person ADD CONSTRAINT ck_person_erased_whole CHECK (erased_at IS NULL OR "
        "num_nonnulls(wrapped_key, key_id, identity_index, name_bo, name_latin) = 0) NOT VALID"
    )
    op.execute("ALTER TABLE person VALIDATE CONSTRAINT ck_person_erased_whole")
    op.create_table(
        "consent", *_aggregate(), _to("consent", "person_id", "person"), *_text("attribute"),
        sa.Column("purposes", JSONB, nullable=False), *_text("notice_version"), _moment("given_at"),
        _moment("withdrawn_at", nullable=True),
    )  # fmt: skip
    op.create_index(
        "uq_consent_standing_person_id_attribute", "consent", ["person_id", "attribute"], unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "vault_item", *_aggregate(), _to("vault_item", "person_id", "person"), *_text("attribute"),
        sa.Column("sealed", sa.LargeBinary, nullable=False), _to("vault_item", "consent_id", "consent", nullable=True),
        _moment("stated_at"),
        sa.UniqueConstraint("person_id", "attribute", name="uq_vault_item_person_id_attribute"),
        _known(
            "vault_item", "attribute", "identity-number", "phone", "email", "bank-account", "health-accommodation",
            "ethnicity",
        ),
        _check(
            "vault_item", "sensitive_by_consent",
            "attribute IN ('identity-number', 'phone', 'email') OR consent_id IS NOT NULL",
        ),
    )  # fmt: skip
    op.create_index("ix_vault_item_attribute_person_id", "vault_item", ["attribute", "person_id"])
    op.execute(
        "INSERT INTO vault_item (id, person_id, attribute, sealed, stated_at) "
        "SELECT gen_random_uuid(), id, 'identity-number', identity_sealed, created_at FROM person UNION ALL "
        "SELECT gen_random_uuid(), id, 'phone', phone_sealed, created_at FROM person WHERE phone_sealed IS NOT NULL"
    )
    op.create_table(
        "vault_read", *_aggregate(), _to("vault_read", "person_id", "person"), sa.Column("participation", sa.Uuid),
        *_text("attribute", "extent", "purpose", "reader", "reader_organisation"), _moment("read_at"),
        _known("vault_read", "extent", "whole", "tail", "aggregate"),
    )  # fmt: skip
    op.create_index("ix_vault_read_person_id_id", "vault_read", ["person_id", "id"])
    op.create_index("ix_vault_read_read_at", "vault_read", ["read_at"])
    op.create_table(
        "composition_statistic", *_aggregate(), _to("composition_statistic", "session_id", "session"),
        *_text("policy_version", "rule"), sa.Column("k", sa.Integer, nullable=False),
        sa.Column("population", sa.Integer, nullable=False), sa.Column("declared", sa.Integer),
        sa.Column("share", sa.Numeric(4, 1)), sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("cells", JSONB, nullable=False), _moment("made_at"),
        sa.UniqueConstraint("session_id", name="uq_composition_statistic_session_id"),
        _check("composition_statistic", "k_ten", "k >= 10"),
    )  # fmt: skip


def _rights() -> None:
    op.create_table(
        "legal_hold", *_aggregate(), _to("legal_hold", "person_id", "person"),
        _to("legal_hold", "participation", "application"), *_text("reason", "document", "placed_by"),
        _moment("placed_at"), *_text("released_by", nullable=True), _moment("released_at", nullable=True),
        _check("legal_hold", "released_whole", "(released_at IS NULL) = (released_by IS NULL)"),
    )  # fmt: skip
    op.create_index("ix_legal_hold_person_id", "legal_hold", ["person_id"])
    op.create_table(
        "correction", *_aggregate(), *_text("state"), _to("correction", "person_id", "person"), *_text("account"),
        sa.Column("members", JSONB, nullable=False), sa.Column("wanted_sealed", sa.LargeBinary, nullable=False),
        _moment("filed_at"), sa.Column("due_by", sa.Date, nullable=False),
        *_text("reason", "decided_by", nullable=True), _moment("decided_at", nullable=True),
        _known("correction", "state", "filed", "accepted", "refused", "withdrawn"),
        _check("correction", "refused_with_reason", "state <> 'refused' OR reason IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "uq_correction_open_person_id", "correction", ["person_id"], unique=True,
        postgresql_where=sa.text("state = 'filed'"),
    )  # fmt: skip


def _appeals() -> None:
    op.create_table(
        "appeal", *_aggregate(), *_text("state"), _to("appeal", "application_id", "application"),
        _to("appeal", "person_id", "person"), *_text("account", "programme"), _to("appeal", "session_id", "session"),
        *_text("policy_version", "decision"), *_text("grounds", nullable=True), _moment("noticed_at"),
        _moment("filed_at"), sa.Column("due_by", sa.Date, nullable=False),
        sa.Column("excluded", JSONB, nullable=False), *_text("outcome", "reason", "decided_by", nullable=True),
        _moment("decided_at", nullable=True), *_text("remedy", "remedy_note", "remedied_by", nullable=True),
        _known(
            "appeal", "state", "filed", "inadmissible", "accepted", "under_review", "upheld", "partly_upheld", "dismissed",
            "withdrawn", "closed",
        ),
        _check(
            "appeal", "decided_with_reason",
            "(outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (reason IS NULL)",
        ),
        _check("appeal", "decided_by_another", "decided_by IS NULL OR NOT excluded ? decided_by"),
        _check("appeal", "closed_with_remedy", "state <> 'closed' OR remedy IS NOT NULL"),
        _check("appeal", "after_notice", "filed_at >= noticed_at"),
    )  # fmt: skip
    op.create_index(
        "uq_appeal_standing_application_id_decision", "appeal", ["application_id", "decision"], unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )  # fmt: skip
    op.create_index("ix_appeal_account", "appeal", ["account"])
    op.create_index("ix_appeal_session_id", "appeal", ["session_id"])
    op.create_index(
        "ix_appeal_open_due_by", "appeal", ["due_by"],
        postgresql_where=sa.text("state IN ('filed', 'accepted', 'under_review')"),
    )  # fmt: skip


def downgrade() -> None:
    """Back to the two sealed columns; people who were erased have none, and cannot be brought back."""
    op.execute(
        "UPDATE person SET identity_sealed = sealed FROM vault_item "
        "WHERE person_id = person.id AND attribute = 'identity-number'"
    )
    op.execute(
        "UPDATE person SET phone_sealed = sealed FROM vault_item WHERE person_id = person.id AND attribute = 'phone'"
    )
    for table in _TABLES:
        op.drop_table(table)
    for table in ("vault_read", "composition_statistic"):
        op.execute(f"DROP FUNCTION {table}_stands()")
    op.execute("ALTER TABLE person DROP CONSTRAINT ck_person_erased_whole")
    op.execute(
        "UPDATE person SET wrapped_key = coalesce(wrapped_key, ''), identity_sealed = coalesce(identity_sealed, ''), "
        "identity_index = coalesce(identity_index, decode(md5(id::text), 'hex')) "
        "WHERE num_nulls(wrapped_key, identity_sealed, identity_index) > 0"
    )
    op.drop_column("person", "erased_at")
    op.drop_column("person", "key_id")
    for name in ("wrapped_key", "identity_sealed", "identity_index"):
        op.alter_column("person", name, nullable=False)
