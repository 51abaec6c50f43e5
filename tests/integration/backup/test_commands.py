"""`backup`, `restore`, `release`, `admin forget` and `admin sweep` as an operator meets them."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from store.backup import manifest
from tests.support import commands
from tests.support.restore import backed_up


def settings_file(folder: Path, keys: Path, uris: tuple[str, str], name: str) -> Path:
    """The settings of a service on given databases, as TOML."""
    said = {
        "data_dir": str(folder / name),
        "keys_dir": str(keys),
        "database_url": uris[0],
        "keyring_url": uris[1],
    }
    file = folder / f"{name}.toml"
    file.write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in said.items()), "utf-8")
    return file


async def nhipcau(settings: Path, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    """Run one command of that service to its end."""
    return await commands.nhipcau(*arguments, "--settings", str(settings), typed=typed)


async def test_the_drill_from_backup_to_release(system, databases, elsewhere, tmp_path) -> None:
    """Back up, restore elsewhere, be refused a second time, decline and then release."""
    await system.talk("telegram", "lan", "cuu em voi")
    keys = system.runtime.settings.keys_dir
    here = settings_file(tmp_path, keys, databases, "here")
    there = settings_file(tmp_path, keys, elsewhere, "there")
    code, out, _ = await nhipcau(here, "backup", str(tmp_path / "backups"))
    assert code == 0
    assert "data.age" in out
    [folder] = (tmp_path / "backups").iterdir()
    order = ("restore", str(folder), "--recovery-key", str(keys / "recovery.private"))
    code, out, _ = await nhipcau(there, *order)
    assert (code, "ON HOLD" in out, "1 people" in out) == (0, True, True)
    code, out, complaints = await nhipcau(there, *order)
    assert (code, out, complaints.count("\n")) == (1, "", 1)
    assert "not empty" in complaints
    assert (await nhipcau(there, "admin", "sweep"))[1].startswith("the service is on hold")
    code, out, _ = await nhipcau(there, "release", typed="yes\n")
    assert (code, "nothing was changed" in out) == (1, True)
    code, out, _ = await nhipcau(there, "release", typed="release\n")
    assert (code, "released" in out) == (0, True)
    code, _, complaints = await nhipcau(there, "release", "--yes")
    assert (code, "not on hold" in complaints) == (1, True)
    code, out, _ = await nhipcau(there, "admin", "sweep")
    assert (code, "left 0" in out) == (0, True)


async def test_restore_of_an_older_backup_is_one_sentence(system, elsewhere, tmp_path) -> None:
    """A backup made before the first release: exit code 1 and a sentence, no traceback, nothing restored."""
    folder, keys = await backed_up(system, tmp_path / "backups"), system.store.keys
    key_files = system.runtime.settings.keys_dir
    older = msgspec.structs.replace(manifest.read(folder, keys), schema={"data": "0019", "keyring": "0019"})
    (folder / manifest.NAME).unlink()
    manifest.write(folder, manifest.sealed(older, keys))
    there = settings_file(tmp_path, key_files, elsewhere, "there")
    order = ("restore", str(folder), "--recovery-key", str(key_files / "recovery.private"), "--set-aside")
    code, out, complaints = await nhipcau(there, *order)
    assert (code, out, complaints.count("\n")) == (1, "", 1)
    assert complaints.startswith("the backup was made by a version before the first release (schema 0019 of the data)")


async def test_restore_without_the_key_files_makes_no_new_ones(system, elsewhere, tmp_path) -> None:
    """A fresh box without the keys of the installation: one sentence, and no new keys that would open nothing."""
    there = settings_file(tmp_path, tmp_path / "nowhere", elsewhere, "there")
    recovery = str(system.runtime.settings.keys_dir / "recovery.private")
    code, _, complaints = await nhipcau(there, "restore", str(tmp_path), "--recovery-key", recovery)
    assert (code, "holds no key files" in complaints) == (1, True)
    assert not (tmp_path / "nowhere").exists()


async def test_forget_asks_and_prints_a_receipt_without_ids(system, databases, tmp_path) -> None:
    """By case number and by typed address; declining changes nothing; the receipt names nobody."""
    await system.talk("telegram", "lan", "cuu em voi")
    await system.talk("zalo_oa", "mai", "xin chào")
    here = settings_file(tmp_path, system.runtime.settings.keys_dir, databases, "here")
    [case] = await system.cases()
    code, out, _ = await nhipcau(here, "admin", "forget", typed=f"{case.number}\nno\n")
    assert (code, "nothing was changed" in out, "Her case is open" in out) == (0, True, True)
    assert await system.count("SELECT count(*) FROM person") == 2
    code, out, _ = await nhipcau(here, "admin", "forget", typed=f"{case.number}\nforget\n")
    receipt = out.partition("forgotten at")[2]
    assert (code, "removed: 1 cases" in receipt, case.number in receipt) == (0, True, False)
    address = next(phone.address for phone in system.world.phones if phone.slug == "mai")
    code, out, complaints = await nhipcau(here, "admin", "forget", typed=f"\nzalo\n{address}\nforget\n")
    assert (code, "removed: 0 cases" in out, address in out + complaints) == (0, True, False)
    assert await system.count("SELECT count(*) FROM person") == 0
    code, _, complaints = await nhipcau(here, "admin", "forget", typed=f"\nzalo\n{address}\nforget\n")
    assert (code, complaints.strip().splitlines()[-1]) == (1, "Nobody with that address is known here.")


async def test_a_command_needs_a_database(tmp_path, system) -> None:
    """The database is away: one sentence."""
    nowhere = ("postgresql://127.0.0.1:1/a", "postgresql://127.0.0.1:1/b")
    here = settings_file(tmp_path, system.runtime.settings.keys_dir, nowhere, "here")
    code, _, complaints = await nhipcau(here, "backup", str(tmp_path / "backups"))
    assert (code, "does not answer" in complaints) == (1, True)
