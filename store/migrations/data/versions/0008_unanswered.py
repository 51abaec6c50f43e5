"""Unanswered: who asked for help or was asked about danger and has not written since; no word of hers."""

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
    UniqueConstraint,
    Uuid,
)

revision = "data_0008"
down_revision = "data_0007"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "unanswered",
        Column("id", BigInteger, Identity(always=True), nullable=False),
        Column("person_id", Uuid, nullable=False),
        Column("account", SmallInteger, nullable=False),
        Column("alias", Text, nullable=False),
        Column("asked", Text, nullable=False),
        Column("lang", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("id", name="pk_unanswered"),
        UniqueConstraint("person_id", name="uq_unanswered_person_id"),
        ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_unanswered_person_id", ondelete="CASCADE"),
        ForeignKeyConstraint(["account"], ["account.id"], name="fk_unanswered_account"),
    )
    op.create_index("ix_unanswered_at", "unanswered", ["at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("unanswered")
