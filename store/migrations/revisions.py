"""Which schemas this version knows, and the sentence that refuses any other."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from store.errors import NewerSchema, OlderSchema

_HERE = Path(__file__).parent
BEFORE_FIRST_RELEASE = frozenset(f"{n:04}" for n in range(1, 20))
"""Revisions of the chain that the first schema replaces; those of today name their database (`data_0001`)."""


def config(branch: str) -> Config:
    """Alembic's configuration for `data` or `keyring`, without an ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(_HERE / branch))
    settings.set_main_option("version_locations", str(_HERE / branch / "versions"))
    settings.set_main_option("path_separator", "os")
    return settings


def refuse_database(branch: str, found: str) -> None:
    """Refuse a database whose schema this version cannot bring up to date. Raises OlderSchema, NewerSchema."""
    if found in BEFORE_FIRST_RELEASE:
        raise OlderSchema(
            f"the {branch} database was made by a version before the first release (schema {found}): nothing was "
            "touched; make it anew, in an empty database"
        )
    if not _is_known(branch, found):
        raise NewerSchema(
            f"the {branch} database holds schema {found}, which this version does not know: "
            "install the version that wrote it, or restore an older backup"
        )


def refuse_backup(branch: str, found: str) -> None:
    """Refuse the dump of a database whose schema this version cannot bring up to date. Raises as above."""
    if found in BEFORE_FIRST_RELEASE:
        raise OlderSchema(
            f"the backup was made by a version before the first release (schema {found} of the {branch}): nothing was "
            "restored; take a newer backup, or the version that made this one"
        )
    if not _is_known(branch, found):
        raise NewerSchema(f"the backup holds schema {found} of the {branch}: install the version that made it")


def _is_known(branch: str, found: str) -> bool:
    return found in {known.revision for known in ScriptDirectory.from_config(config(branch)).walk_revisions()}
