"""Whom the load of a batch must look at twice, and an index that passes over what waits for the morning."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TIES = ("check_in_plan", "membership", "subscription")

_TIE = """
CREATE FUNCTION tie() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE person SET tied = true FROM added WHERE person.id = added.person_id AND NOT person.tied;
  RETURN NULL;
END $$"""
_ON = """
CREATE TRIGGER tie AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION tie()"""
_KNOWN = "UPDATE person SET tied = true WHERE id IN (SELECT person_id FROM {table})"


def upgrade() -> None:
    """Mark the people who are tied to something, and let the tables mark those to come."""
    op.add_column("person", sa.Column("tied", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(_TIE)
    for table in _TIES:
        op.execute(_ON.format(table=table))
        op.execute(_KNOWN.format(table=table))
    _index_open("account", "priority", "id", "not_before")


def _index_open(*columns: str) -> None:
    """Index what may leave; with `not_before` in it, what waits for the morning is passed over without a look at it."""
    op.drop_index("ix_ledger_open", table_name="ledger")
    op.create_index("ix_ledger_open", "ledger", list(columns), postgresql_where=sa.text("status IN (0, 4)"))


def downgrade() -> None:
    """Take the mark away."""
    _index_open("account", "priority", "id")
    for table in _TIES:
        op.execute(f"DROP TRIGGER tie ON {table}")
    op.execute("DROP FUNCTION tie()")
    op.drop_column("person", "tied")
