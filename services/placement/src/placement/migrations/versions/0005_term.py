"""Segments, obligations, the register of hosts."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_DAYS = (
    "numrange((hashtextextended(account, 0)::numeric * 18446744073709551616 + hashtextextended(account, 1)::numeric) "
    "* 10000000 + (starts_on - DATE '0001-01-01'), (hashtextextended(account, 0)::numeric * 18446744073709551616 + "
    "hashtextextended(account, 1)::numeric) * 10000000 + (ends_on - DATE '0001-01-01'), '[]') WITH &&"
)

_UP = (
    """ALTER TABLE segment
    ADD COLUMN share INTEGER DEFAULT 100 NOT NULL,
    ADD COLUMN share_from INTEGER DEFAULT 0 NOT NULL,
    ADD CONSTRAINT ck_segment_share CHECK (share >= 1 AND share_from >= 0 AND share_from + share <= 100)""",
    "ALTER TABLE segment DROP CONSTRAINT ex_segment_days",
    (
        f"ALTER TABLE segment ADD CONSTRAINT ex_segment_days EXCLUDE USING gist ({_DAYS}, "
        "int4range(share_from, share_from + share) WITH &&) WHERE (state <> 'void') DEFERRABLE INITIALLY DEFERRED"
    ),
    """CREATE FUNCTION segment_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which uuid := coalesce(NEW.placement, OLD.placement);
    covered boolean;
BEGIN
    PERFORM FROM placement WHERE id = which FOR NO KEY UPDATE;
    SELECT coalesce(range_agg(daterange(starts_on, ends_on, '[]')) FILTER (WHERE share_from = 0), '{}') @>
           coalesce(range_agg(daterange(starts_on, ends_on, '[]')) FILTER (WHERE share_from > 0), '{}')
      INTO covered FROM segment WHERE placement = which AND state <> 'void';
    IF NOT covered THEN
        RAISE EXCEPTION 'ex_segment_shares: a share beside a host that is not there on placement %', which
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'ex_segment_shares', TABLE = 'segment';
    END IF;
    RETURN NULL;
END $$""",
    """CREATE CONSTRAINT TRIGGER segment_shares_written AFTER INSERT OR UPDATE ON segment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.share < 100) EXECUTE FUNCTION segment_shares()""",
    """CREATE CONSTRAINT TRIGGER segment_shares_deleted AFTER DELETE ON segment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.share < 100) EXECUTE FUNCTION segment_shares()""",
)
_DOWN = (
    "DROP TRIGGER segment_shares_deleted ON segment",
    "DROP TRIGGER segment_shares_written ON segment",
    "DROP FUNCTION segment_shares()",
    "ALTER TABLE segment DROP CONSTRAINT ex_segment_days",
    (
        f"ALTER TABLE segment ADD CONSTRAINT ex_segment_days EXCLUDE USING gist ({_DAYS}) "
        "WHERE (state <> 'void') DEFERRABLE INITIALLY DEFERRED"
    ),
    "ALTER TABLE segment DROP CONSTRAINT ck_segment_share, DROP COLUMN share_from, DROP COLUMN share",
)


def upgrade() -> None:
    """Shares of days, held together by the database."""
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    """One host a day again; refused by the constraint while days are shared."""
    for statement in _DOWN:
        op.execute(statement)
