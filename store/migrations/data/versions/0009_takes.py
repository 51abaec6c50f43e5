"""Takes: what a case was like before somebody took it."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, PrimaryKeyConstraint, Uuid

revision = "data_0009"
down_revision = "data_0008"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "case_take",
        Column("case_id", Uuid, nullable=False),
        Column("staff_id", Uuid, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("before_by", Uuid, nullable=True),
        Column("before_at", DateTime(timezone=True), nullable=True),
        Column("climb_id", BigInteger, nullable=True),
        PrimaryKeyConstraint("case_id", name="pk_case_take"),
        ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_take_case_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("case_take")
