"""Protocol: the steps of a case that are done, by whom and when."""

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKeyConstraint, PrimaryKeyConstraint, Text, Uuid

revision = "data_0016"
down_revision = "data_0015"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "protocol_step",
        Column("case_id", Uuid, nullable=False),
        Column("step", Text, nullable=False),
        Column("done_by", Uuid, nullable=False),
        Column("done_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("case_id", "step", name="pk_protocol_step"),
        ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_protocol_step_case_id", ondelete="CASCADE"),
        ForeignKeyConstraint(["done_by"], ["staff.id"], name="fk_protocol_step_done_by"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("protocol_step")
