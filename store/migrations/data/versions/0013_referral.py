"""Handing on: when she was told that nobody has come, and what she lets us tell a service."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _empty(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Add the column and the table; of cases that are open nobody was told."""
    op.add_column("case_file", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("code", "purpose", "service")),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        *(_text("basis"), _text("version"), _empty("yes"), _empty("no"), _text("state")),
        _moment("asked_at", nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        *(_moment("answered_at"), _moment("confirmed_at")),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        _moment("handed_at"),
        sa.Column("handed_by", sa.Uuid(), nullable=True),
        _empty("way"),
        sa.Column("body_ct", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *(_moment("not_before"), _moment("receipt_at")),
        sa.Column("receipt_by", sa.Uuid(), nullable=True),
        _moment("withdrawn_at"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_referral_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("key", name=op.f("uq_referral_key")),
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"])


def downgrade() -> None:
    """Take both away."""
    op.drop_table("referral")
    op.drop_column("case_file", "told_at")
