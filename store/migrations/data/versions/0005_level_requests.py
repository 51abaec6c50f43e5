"""Level requests: that a grave level is lower, asked by one member and confirmed by a second one."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    Uuid,
    text,
)

revision = "data_0005"
down_revision = "data_0004"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "level_request",
        Column("id", BigInteger, Identity(always=True), nullable=False),
        Column("case_id", Uuid, nullable=False),
        Column("level", SmallInteger, nullable=False),
        Column("to_level", SmallInteger, nullable=False),
        Column("reason", Text, nullable=False),
        Column("asked_by", Uuid, nullable=False),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("state", Text, nullable=False, server_default=text("'asked'")),
        Column("decided_by", Uuid, nullable=True),
        Column("decided_at", DateTime(timezone=True), nullable=True),
        PrimaryKeyConstraint("id", name="pk_level_request"),
        ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_level_request_case_id", ondelete="CASCADE"),
    )
    asked = text("state = 'asked'")
    op.create_index("uq_level_request_asked", "level_request", ["case_id"], unique=True, postgresql_where=asked)
    op.create_index("ix_level_request_case", "level_request", ["case_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("level_request")
