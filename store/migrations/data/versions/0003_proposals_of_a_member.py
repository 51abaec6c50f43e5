"""Proposals of a member: found by who made them, for she is told what became of them when she writes next."""

from alembic import op

revision = "data_0003"
down_revision = "data_0002"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_broadcast_author", "broadcast", ["author_person", "id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_broadcast_author", "broadcast")
