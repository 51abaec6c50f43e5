"""What is attached to the lines of a case."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table; voices of older lines stay where they were sent and are not fetched any more."""
    op.create_table(
        "case_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("account", sa.SmallInteger(), nullable=False),
        sa.Column("author", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference_ct", sa.LargeBinary(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("copy_ct", sa.LargeBinary(), nullable=True),
        sa.Column("link_hash", sa.LargeBinary(), nullable=True),
        sa.Column("link_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_attachment_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["case_line.id"], name=op.f("fk_case_attachment_line_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_case_attachment_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachment")),
        sa.UniqueConstraint("line_id", name=op.f("uq_case_attachment_line_id")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_case_attachment_link_hash")),
    )
    op.create_index(op.f("ix_case_attachment_case_id"), "case_attachment", ["case_id"])
    op.create_index(
        "ix_case_attachment_waiting", "case_attachment", ["next_try"], postgresql_where=sa.text("state = 0")
    )


def downgrade() -> None:
    """Take it away, and everything attached with it."""
    op.drop_table("case_attachment")
