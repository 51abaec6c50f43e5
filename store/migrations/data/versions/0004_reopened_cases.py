"""Reopened cases: the stage in which a case was closed, to which it goes back."""

from alembic import op
from sqlalchemy import Column, Text, text

revision = "data_0004"
down_revision = "data_0003"


def upgrade() -> None:
    """Add the column; a case that is closed already goes back to the first stage."""
    op.add_column("case_file", Column("closed_in", Text, nullable=False, server_default=text("''")))
    op.execute("UPDATE case_file SET closed_in = 'receive' WHERE closed_at IS NOT NULL")


def downgrade() -> None:
    """Take it away."""
    op.drop_column("case_file", "closed_in")
