"""The first schema of the data."""

from alembic import op

import store.tables  # noqa: F401
from store.schema import metadata

revision = "0001"
down_revision = None

MUST = """
CREATE FUNCTION must(held boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF NOT coalesce(held, false) THEN RAISE EXCEPTION 'moved' USING ERRCODE = '40001'; END IF;
  RETURN true;
END $$"""


def upgrade() -> None:
    """Create everything."""
    op.execute(MUST)
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Drop everything."""
    metadata.drop_all(op.get_bind())
    op.execute("DROP FUNCTION must(boolean)")
