"""Cases of a person: an index, since every page of a case asks for the others of the same person."""

from alembic import op

revision = "data_0007"
down_revision = "data_0006"


def upgrade() -> None:
    """Make it."""
    op.create_index("ix_case_file_person_id", "case_file", ["person_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_case_file_person_id", "case_file")
