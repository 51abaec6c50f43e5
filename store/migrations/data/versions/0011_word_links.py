"""Word links: a page that opens once, within fifteen minutes, for both of her own words."""

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    LargeBinary,
    PrimaryKeyConstraint,
    Uuid,
    false,
)

revision = "data_0011"
down_revision = "data_0010"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "word_link",
        Column("code_tag", LargeBinary, nullable=False),
        Column("case_id", Uuid, nullable=False, index=True),
        Column("staff_id", Uuid, nullable=False),
        Column("opened", Boolean, nullable=False, server_default=false()),
        Column("expires_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("code_tag", name="pk_word_link"),
        ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_word_link_case_id", ondelete="CASCADE"),
        ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_word_link_staff_id"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("word_link")
