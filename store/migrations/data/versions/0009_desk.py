"""The desk: where a case stands, what it needs, who may not see it, and answers that are not finished."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def _codes() -> postgresql.ARRAY[str]:
    return postgresql.ARRAY(sa.Text())


_COLUMNS: tuple[Callable[[], sa.Column[Any]], ...] = (
    lambda: sa.Column("contact", sa.Text(), server_default=sa.text("''"), nullable=False),
    lambda: sa.Column("communes", _codes(), server_default=sa.text("'{}'"), nullable=False),
    lambda: sa.Column("commune_ok", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    lambda: sa.Column("needs", _codes(), server_default=sa.text("'{}'"), nullable=False),
    lambda: sa.Column("next_step", sa.Text(), server_default=sa.text("''"), nullable=False),
    lambda: sa.Column("next_day", sa.Date(), nullable=True),
    lambda: sa.Column("console_at", sa.DateTime(timezone=True), nullable=True),
)


def upgrade() -> None:
    """Add the columns and the two tables; whose commune is known is known from her groups."""
    for column in _COLUMNS:
        op.add_column("case_file", column())
    op.create_table(
        "case_shut",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_shut_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_shut_staff_id")),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_case_shut")),
    )
    op.create_table(
        "case_draft",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_draft_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_draft_staff_id")),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_case_draft")),
    )
    op.execute(
        "UPDATE case_file c SET communes = found.areas FROM (SELECT b.person_id, array_agg(DISTINCT g.area) AS areas "
        "FROM (SELECT person_id, group_id FROM membership UNION SELECT person_id, group_id FROM subscription) b "
        "JOIN village_group g ON g.id = b.group_id GROUP BY b.person_id) found "
        "WHERE found.person_id = c.person_id AND c.closed_at IS NULL"
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("case_draft", "case_shut"):
        op.drop_table(table)
    for name in ("contact", "communes", "commune_ok", "needs", "next_step", "next_day", "console_at"):
        op.drop_column("case_file", name)
