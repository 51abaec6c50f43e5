"""Which pairs of tokens the settings have named: each is taken once."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0001"


def upgrade() -> None:
    """Add the marks; of pairs taken before nothing is known."""
    op.add_column(
        "channel_token",
        sa.Column("seeds", sa.ARRAY(sa.LargeBinary()), server_default=sa.text("'{}'"), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("channel_token", "seeds")
