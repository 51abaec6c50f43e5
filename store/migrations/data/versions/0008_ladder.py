"""The ladder: who is being called for which case, by which ways; skills on the roster, and how staff are reached."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

_CALLED_SINCE = """
INSERT INTO climb(case_id, level, code, since)
SELECT id, level, number, level_at FROM case_file WHERE closed_at IS NULL AND acked_by IS NULL"""
_FIRST_RUNGS = "INSERT INTO rung(climb_id, n, due_at) SELECT id, 0, since FROM climb"
_FIRST_DUE = """
INSERT INTO due_item(kind, subject, due_at, not_after)
SELECT 5, id, due_at, due_at + interval '36500 days' FROM rung"""


def upgrade() -> None:
    """Create the tables, and begin to call for every case that nobody has."""
    op.add_column(
        "roster", sa.Column("skills", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    _climbs()
    _calls()
    _contacts()
    for statement in (_CALLED_SINCE, _FIRST_RUNGS, _FIRST_DUE):
        op.execute(statement)


def _climbs() -> None:
    op.create_table(
        "climb",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached", sa.Integer(), server_default=sa.text("-1"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_climb_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_climb")),
    )
    op.create_index("ix_climb_case", "climb", ["case_id"], unique=False)
    op.create_index("uq_climb_open", "climb", ["case_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "rung",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("climb_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["climb_id"], ["climb.id"], name=op.f("fk_rung_climb_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rung")),
        sa.UniqueConstraint("climb_id", "n", name=op.f("uq_rung_climb_id_n")),
    )


def _calls() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("rung_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("fate", sa.SmallInteger(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["rung_id"], ["rung.id"], name=op.f("fk_call_rung_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_call_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("rung_id", "staff_id", "way", name=op.f("uq_call_rung_id_staff_id_way")),
    )
    op.create_index(
        "ix_call_open", "call", ["way", "not_before"], unique=False, postgresql_where=sa.text("fate IN (0, 1)")
    )


def _contacts() -> None:
    op.create_table(
        "staff_contact",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("address_ct", sa.LargeBinary(), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_staff_contact_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_contact_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "way", name=op.f("pk_staff_contact")),
    )
    op.create_index(op.f("ix_staff_contact_person_id"), "staff_contact", ["person_id"], unique=False)
    op.create_table(
        "staff_code",
        sa.Column("code_tag", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_code_staff_id")),
        sa.PrimaryKeyConstraint("code_tag", name=op.f("pk_staff_code")),
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("staff_code", "staff_contact", "call", "rung", "climb"):
        op.drop_table(table)
    op.execute("DELETE FROM due_item WHERE kind IN (5, 6)")
    op.drop_column("roster", "skills")
