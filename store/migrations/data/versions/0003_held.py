"""Hold, retention, and whose a quarantined message is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the hold and the record of retention; let a quarantined message say whose it is."""
    op.create_table(
        "hold",
        sa.Column("n", sa.SmallInteger(), server_default=sa.text("1"), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("n = 1", name=op.f("ck_hold_one")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_hold")),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index("ix_retention_run_class", "retention_run", ["class", "id"], unique=False)
    op.add_column("inbox", sa.Column("bidx", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop what was created."""
    op.drop_column("inbox", "bidx")
    op.drop_index("ix_retention_run_class", table_name="retention_run")
    op.drop_table("retention_run")
    op.drop_table("hold")
