"""Tips and questions without anybody, and wishes to be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables of what is told without anybody, and of wishes to be forgotten."""
    op.create_table(
        "tip",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("day", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip")),
    )
    op.create_index(op.f("ix_tip_day"), "tip", ["day"], unique=False)
    op.create_table(
        "dialogue_question",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("day", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("body_ct", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_question")),
    )
    op.create_index(op.f("ix_dialogue_question_day"), "dialogue_question", ["day"], unique=False)
    op.create_table(
        "forget_wish",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent_hours", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forget_wish_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_forget_wish")),
    )


def downgrade() -> None:
    """Drop what was created."""
    op.drop_table("forget_wish")
    op.drop_index(op.f("ix_dialogue_question_day"), table_name="dialogue_question")
    op.drop_table("dialogue_question")
    op.drop_index(op.f("ix_tip_day"), table_name="tip")
    op.drop_table("tip")
