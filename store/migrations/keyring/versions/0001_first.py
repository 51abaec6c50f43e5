"""The first schema of the keyring."""

from alembic import op

import store.tables  # noqa: F401
from store.schema import keyring_metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    keyring_metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Drop everything."""
    keyring_metadata.drop_all(op.get_bind())
