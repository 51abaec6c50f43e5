"""Cards that a person has recalled."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table of recalls."""
    op.create_table(
        "card_recall",
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("card", name=op.f("pk_card_recall")),
    )


def downgrade() -> None:
    """Drop what was created."""
    op.drop_table("card_recall")
