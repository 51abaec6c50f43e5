"""Run files of SQL inside a migration: tables are read more easily in the language of the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from alembic import op
from sqlalchemy import text

_TABLE = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)
_FUNCTION = re.compile(r"^CREATE FUNCTION (\w+)", re.MULTILINE)


def create(files: Sequence[Path]) -> None:
    """Run files in their order, each as a whole, in the transaction of the migration."""
    conn = op.get_bind()
    conn.execute(text("SELECT 1"))  # SQLAlchemy begins its transaction with the first statement that it sees itself
    for file in files:
        _run(file.read_text("utf-8"))


def drop(files: Sequence[Path]) -> None:
    """Drop the tables and functions that files create."""
    script = "\n".join(file.read_text("utf-8") for file in files)
    _run(f"DROP TABLE {', '.join(_TABLE.findall(script))}")
    for name in _FUNCTION.findall(script):
        _run(f"DROP FUNCTION {name}")


def _run(script: str) -> None:
    """Hand a script to asyncpg, which takes several statements at once; SQLAlchemy prepares single ones."""
    driver = op.get_bind().connection.dbapi_connection
    driver.run_async(lambda conn: conn.execute(script))  # type: ignore[union-attr]
