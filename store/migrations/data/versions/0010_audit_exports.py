"""Exports of the audit: what was asked for, why, by whom, and who confirmed it."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Identity, PrimaryKeyConstraint, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

revision = "data_0010"
down_revision = "data_0009"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "audit_export",
        Column("id", BigInteger, Identity(always=True), nullable=False),
        Column("asked_by", Uuid, nullable=False),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("reason", Text, nullable=False),
        Column("wanted", JSONB, nullable=False),
        Column("newest", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
        Column("decided_by", Uuid, nullable=True),
        Column("decided_at", DateTime(timezone=True), nullable=True),
        PrimaryKeyConstraint("id", name="pk_audit_export"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("audit_export")
