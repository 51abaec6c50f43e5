"""Closed talks: whose alias she knew when her case was closed, and how often a talk helped, counted without anybody."""

from alembic import op
from sqlalchemy import Column, Date, Integer, PrimaryKeyConstraint, Text, text

revision = "data_0002"
down_revision = "data_0001"


def upgrade() -> None:
    """Add the column and the table of counts."""
    op.add_column("person", Column("left_by", Text, nullable=False, server_default=text("''")))
    op.create_table(
        "closing_answer",
        Column("month", Date, nullable=False),
        Column("answer", Text, nullable=False),
        Column("number", Integer, nullable=False),
        PrimaryKeyConstraint("month", "answer", name="pk_closing_answer"),
    )


def downgrade() -> None:
    """Take both away."""
    op.drop_table("closing_answer")
    op.drop_column("person", "left_by")
