"""The first schema of the keyring: one file of SQL a feature."""

from pathlib import Path

from store.migrations.sql_files import create, drop

revision = "keyring_0001"
down_revision = None

FILES = [Path(__file__).with_suffix("") / f"{name}.sql" for name in ("people", "tokens", "sessions")]


def upgrade() -> None:
    """Create everything."""
    create(FILES)


def downgrade() -> None:
    """Drop everything."""
    drop(FILES)
