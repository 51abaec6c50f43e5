"""The first schema of the data."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

MUST = """
CREATE FUNCTION must(held boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF NOT coalesce(held, false) THEN RAISE EXCEPTION 'moved' USING ERRCODE = '40001'; END IF;
  RETURN true;
END $$"""

INSERT_ONLY = (
    "CREATE OR REPLACE FUNCTION audit_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit is insert-only: % refused', TG_OP; END $$",
    "CREATE OR REPLACE TRIGGER audit_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_insert_only()",
)


def upgrade() -> None:
    """Create everything."""
    op.execute(MUST)
    op.create_table(
        "account",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "area",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["area.code"], name=op.f("fk_area_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("meta", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prev_mac", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_actor"), "audit", ["actor"], unique=False)
    op.create_index(op.f("ix_audit_object"), "audit", ["object"], unique=False)
    op.create_table(
        "inbox_key",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_key")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_table(
        "ownership",
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_ownership")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("vault", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.SmallInteger(), nullable=False),
        sa.Column("ext", sa.LargeBinary(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("key_id", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_inbox_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("account", "ext", name=op.f("uq_inbox_account_ext")),
    )
    op.create_index("ix_inbox_pending", "inbox", ["lane", "id"], unique=False, postgresql_where=sa.text("state = 0"))
    op.create_index("ix_inbox_quarantined", "inbox", ["id"], unique=False, postgresql_where=sa.text("state = 2"))
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.SmallInteger(), nullable=False),
        sa.Column("bidx", sa.LargeBinary(), nullable=False),
        sa.Column("address_ct", sa.LargeBinary(), nullable=False),
        sa.Column("reachable", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_person_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("bidx", name=op.f("uq_person_bidx")),
    )
    op.create_table(
        "roster",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rung", sa.SmallInteger(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.CheckConstraint("rung BETWEEN 0 AND 99", name=op.f("ck_roster_rung")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_roster_forward")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_roster_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
    )
    op.create_index("ix_roster_ends", "roster", ["ends_at"], unique=False)
    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.SmallInteger(), nullable=False),
        sa.Column("binding_ct", sa.LargeBinary(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'receive'"), nullable=False),
        sa.Column("place", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acked_by", sa.Uuid(), nullable=True),
        sa.Column("acked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_case_file_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_file_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index(
        "uq_case_file_open", "case_file", ["person_id"], unique=True, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("cause_kind", sa.SmallInteger(), nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("account", sa.SmallInteger(), nullable=False),
        sa.Column("recipient", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.SmallInteger(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answers_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body_ct", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_ledger_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ledger_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("cause_kind", "cause", "n", name=op.f("uq_ledger_cause_kind_cause_n")),
    )
    op.create_index(
        "ix_ledger_open",
        "ledger",
        ["account", "priority", "id"],
        unique=False,
        postgresql_where=sa.text("status IN (0, 4)"),
    )
    op.create_index(op.f("ix_ledger_person_id"), "ledger", ["person_id"], unique=False)
    op.create_index(
        "ix_ledger_sending", "ledger", ["account", "epoch"], unique=False, postgresql_where=sa.text("status = 1")
    )
    op.create_table(
        "session",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("state_ct", sa.LargeBinary(), nullable=True),
        sa.Column("last_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_session")),
        postgresql_with={"fillfactor": "60"},
    )
    op.create_table(
        "case_key",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_key_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "epoch", name=op.f("pk_case_key")),
    )
    op.create_table(
        "case_key_copy",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_key_copy_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "epoch", "reader_id", name=op.f("pk_case_key_copy")),
    )
    op.create_table(
        "case_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.Uuid(), nullable=True),
        sa.Column("cause_kind", sa.SmallInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_line_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_line")),
        sa.UniqueConstraint("case_id", "cause_kind", "cause", name=op.f("uq_case_line_case_id_cause_kind_cause")),
    )
    op.create_index(op.f("ix_case_line_case_id"), "case_line", ["case_id"], unique=False)
    for statement in INSERT_ONLY:
        op.execute(statement)


def downgrade() -> None:
    """Drop everything."""
    op.drop_index(op.f("ix_case_line_case_id"), table_name="case_line")
    op.drop_table("case_line")
    op.drop_table("case_key_copy")
    op.drop_table("case_key")
    op.drop_table("session")
    op.drop_index("ix_ledger_sending", table_name="ledger", postgresql_where=sa.text("status = 1"))
    op.drop_index(op.f("ix_ledger_person_id"), table_name="ledger")
    op.drop_index("ix_ledger_open", table_name="ledger", postgresql_where=sa.text("status IN (0, 4)"))
    op.drop_table("ledger")
    op.drop_index(op.f("ix_consent_person_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index("uq_case_file_open", table_name="case_file", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_table("case_file")
    op.drop_index("ix_roster_ends", table_name="roster")
    op.drop_table("roster")
    op.drop_table("person")
    op.drop_index("ix_inbox_quarantined", table_name="inbox", postgresql_where=sa.text("state = 2"))
    op.drop_index("ix_inbox_pending", table_name="inbox", postgresql_where=sa.text("state = 0"))
    op.drop_table("inbox")
    op.drop_table("staff")
    op.drop_table("ownership")
    op.drop_table("member")
    op.drop_table("inbox_key")
    op.drop_index(op.f("ix_audit_object"), table_name="audit")
    op.drop_index(op.f("ix_audit_actor"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("area")
    op.drop_table("account")
    op.execute("DROP FUNCTION audit_is_insert_only()")
    op.execute("DROP FUNCTION must(boolean)")
