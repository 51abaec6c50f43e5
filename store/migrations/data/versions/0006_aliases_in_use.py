"""Aliases in use: none is held by two cases or check-in plans; a plan has a number beside its alias."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Text, Uuid, text

revision = "data_0006"
down_revision = "data_0005"


def _owner(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_alias_in_use_{column}", ondelete="CASCADE")


def upgrade() -> None:
    """Add the table; of those who are called alike the second has its number in its name from now on."""
    op.add_column("check_in_plan", Column("number", Text, nullable=False, server_default=text("''")))
    op.execute("UPDATE check_in_plan SET number = (20000 + id)::text")
    op.create_table(
        "alias_in_use",
        Column("alias", Text, nullable=False),
        Column("number", Text, nullable=False),
        Column("case_id", Uuid, nullable=True, index=True),
        Column("plan_id", BigInteger, nullable=True, index=True),
        PrimaryKeyConstraint("alias", name="pk_alias_in_use"),
        _owner("case_id", "case_file"),
        _owner("plan_id", "check_in_plan"),
    )
    op.execute(
        "UPDATE case_file one SET alias = alias || ' ' || number WHERE "
        "EXISTS (SELECT 1 FROM case_file other WHERE other.alias = one.alias AND other.id < one.id)"
    )
    op.execute(
        "INSERT INTO alias_in_use (alias, number, case_id) SELECT alias, number, id FROM case_file "
        "WHERE closed_at IS NULL OR closed_at > now() - interval '30 days'"
    )
    op.execute(
        "UPDATE check_in_plan one SET alias = alias || ' ' || number WHERE "
        "EXISTS (SELECT 1 FROM alias_in_use WHERE alias_in_use.alias = one.alias) "
        "OR EXISTS (SELECT 1 FROM check_in_plan other WHERE other.alias = one.alias AND other.id < one.id)"
    )
    op.execute("INSERT INTO alias_in_use (alias, number, plan_id) SELECT alias, number, id FROM check_in_plan")


def downgrade() -> None:
    """Take both away; names stay as they are."""
    op.drop_table("alias_in_use")
    op.drop_column("check_in_plan", "number")
