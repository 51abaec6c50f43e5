"""How far each account has been read back on its platform."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0014"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "catch_up",
        sa.Column("account", sa.SmallInteger(), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_catch_up_account_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_catch_up")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("catch_up")
