"""Children: since when a case is known to be a child's, the receipt of its report, and what staff are trained for."""

from alembic import op
from sqlalchemy import Column, DateTime, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

revision = "data_0014"
down_revision = "data_0013"


def upgrade() -> None:
    """Add the columns; an open case of a child counts from when it was opened."""
    op.add_column("staff", Column("skills", ARRAY(Text), nullable=False, server_default=text("'{}'")))
    op.add_column("case_file", Column("child_at", DateTime(timezone=True), nullable=True))
    op.add_column("case_file", Column("reported_at", DateTime(timezone=True), nullable=True))
    op.add_column("case_file", Column("reported_by", Uuid, nullable=True))
    op.execute("UPDATE case_file SET child_at = opened_at WHERE closed_at IS NULL AND 'under_16' = ANY(flags)")


def downgrade() -> None:
    """Take them away."""
    op.drop_column("case_file", "reported_by")
    op.drop_column("case_file", "reported_at")
    op.drop_column("case_file", "child_at")
    op.drop_column("staff", "skills")
