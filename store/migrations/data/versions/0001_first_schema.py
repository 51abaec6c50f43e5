"""The first schema of the data: one file of SQL a feature, each after the tables it refers to."""

from pathlib import Path

from store.migrations.sql_files import create, drop

revision = "data_0001"
down_revision = None

FEATURES = (
    *("people", "staff", "audit", "areas", "groups", "messages", "cases", "attachments"),
    *("referrals", "escalation", "jobs", "checkins", "broadcasts", "recordings", "submissions", "privacy"),
)
FILES = [Path(__file__).with_suffix("") / f"{name}.sql" for name in FEATURES]


def upgrade() -> None:
    """Create everything."""
    create(FILES)


def downgrade() -> None:
    """Drop everything."""
    drop(FILES)
