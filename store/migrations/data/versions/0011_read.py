"""What became of a tip once a human has it, and the languages in which a member of staff may judge words and voices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    """Tips that are there wait to be read; everybody judges what she judges now."""
    op.add_column("tip", sa.Column("state", sa.Text(), server_default=sa.text("'new'"), nullable=False))
    op.add_column("staff", sa.Column("langs", postgresql.ARRAY(sa.Text()), nullable=True))


def downgrade() -> None:
    """Take both away."""
    op.drop_column("staff", "langs")
    op.drop_column("tip", "state")
