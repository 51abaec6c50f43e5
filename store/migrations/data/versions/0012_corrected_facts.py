"""Corrected facts: how old she is and her commune, as they were said or as staff wrote them down."""

from alembic import op
from sqlalchemy import Column, Text, text

revision = "data_0012"
down_revision = "data_0011"


def upgrade() -> None:
    """Add two columns."""
    op.add_column("case_file", Column("age", Text, nullable=False, server_default=text("''")))
    op.add_column("case_file", Column("commune", Text, nullable=False, server_default=text("''")))


def downgrade() -> None:
    """Take both away."""
    op.drop_column("case_file", "commune")
    op.drop_column("case_file", "age")
