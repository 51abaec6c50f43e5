"""First shift: when a member of staff went through the practice case."""

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKeyConstraint, PrimaryKeyConstraint, Uuid

revision = "data_0013"
down_revision = "data_0012"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "first_shift",
        Column("staff_id", Uuid, nullable=False),
        Column("finished_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("staff_id", name="pk_first_shift"),
        ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_first_shift_staff_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("first_shift")
