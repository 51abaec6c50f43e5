"""Urgent help: help that two people call without her yes, and that she is told of it afterwards."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    PrimaryKeyConstraint,
    Text,
    Uuid,
    text,
)

revision = "data_0015"
down_revision = "data_0014"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "urgent_help",
        Column("id", BigInteger, Identity(always=True), nullable=False),
        Column("case_id", Uuid, nullable=False),
        Column("service", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("told", Text, nullable=False),
        Column("state", Text, nullable=False, server_default=text("'asked'")),
        Column("asked_by", Uuid, nullable=False),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("decided_by", Uuid, nullable=True),
        Column("decided_at", DateTime(timezone=True), nullable=True),
        Column("notice", Text, nullable=False, server_default=text("''")),
        Column("notice_due", DateTime(timezone=True), nullable=True),
        Column("notice_by", Uuid, nullable=True),
        Column("notice_at", DateTime(timezone=True), nullable=True),
        PrimaryKeyConstraint("id", name="pk_urgent_help"),
        ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_urgent_help_case_id", ondelete="CASCADE"),
    )
    op.create_index("ix_urgent_help_case", "urgent_help", ["case_id"])
    asked = text("state = 'asked'")
    op.create_index("uq_urgent_help_asked", "urgent_help", ["case_id", "service"], unique=True, postgresql_where=asked)


def downgrade() -> None:
    """Take it away."""
    op.drop_table("urgent_help")
