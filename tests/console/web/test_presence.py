"""Who has a case open and who writes in it: told to its other readers, live, and kept nowhere."""

from __future__ import annotations

from uuid import UUID

import pytest

from console.web.presence import FORGOTTEN_AFTER, WRITES_FOR, OtherReader, Presence
from tests.console.pages.test_live import listening
from tests.support.console_room import Room
from tests.support.stage import until

CASE, BAN, SEN = "case", UUID(int=1), UUID(int=2)


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def said(who: object, state: str, alias: str) -> str:
    """What a process says."""
    return f"{CASE} {who} {state} {alias}"


def test_whoever_looks_and_writes_is_known_for_seconds() -> None:
    """Looking ends when nothing is said any more, writing sooner; nobody is told of herself."""
    clock = Hands()
    there = Presence(clock)
    there.hear(said(BAN, "viewing", "Hoa Ban"))
    there.hear(said(SEN, "writing", "Hoa Sen"))
    assert there.others(CASE, BAN) == [OtherReader("Hoa Sen", writes=True)]
    assert there.others(CASE, SEN) == [OtherReader("Hoa Ban", writes=False)]
    clock.at += WRITES_FOR
    assert there.others(CASE, BAN) == [OtherReader("Hoa Sen", writes=False)]
    clock.at += FORGOTTEN_AFTER - WRITES_FOR
    assert there.others(CASE, BAN) == []
    assert not there.is_there(CASE, SEN)


def test_only_what_shows_something_new_wakes_pages() -> None:
    """That somebody is still there is no news; that she begins to write is."""
    there = Presence(Hands())
    heard = [there.hear(said(BAN, state, "Hoa Ban")) for state in ("viewing", "viewing", "writing", "writing", "x")]
    assert heard == [CASE, "", CASE, "", ""]


@pytest.mark.parametrize("words", ["", "x", "a b", "a b viewing", f"{CASE} {BAN} viewing "])
def test_what_is_not_understood_is_passed_over(words: str) -> None:
    """Another version may say something else."""
    assert Presence().hear(words) == ""


async def test_open_pages_of_a_case_know_of_each_other_and_it_is_recorded_nowhere(room: Room) -> None:
    """Two readers see each other look and write; a third page of another case does not; no table has a row more."""
    await room.hire("hoaban", "hoasen", "hoadao")
    case, other_case = await room.person(3, ["Chị ơi"]), await room.person(3)
    topics = f"/console/live?topics=case:{case}"
    async with (
        room.served() as base,
        listening(room, base, "hoaban", topics) as ban,
        listening(room, base, "hoadao", f"/console/live?topics=case:{other_case}") as elsewhere,
        room.signed_in("hoasen") as writer,
    ):
        await until(lambda: "Chị ơi" in ban.html(), 5)
        async with listening(room, base, "hoasen", topics) as sen:
            await until(lambda: "Hoa Sen đang xem" in ban.html() and "Hoa Ban đang xem" in sen.html(), 5)
            before = await rows(room)
            assert (await writer.post(f"/console/cases/{case}/writing")).status_code == 204
            await until(lambda: "Hoa Sen đang viết" in ban.html(), 5)
            assert await rows(room) == before
            assert "Hoa Sen đang" not in sen.html()
        assert "đang xem" not in elsewhere.html()


async def test_whoever_has_not_opened_a_case_does_not_write_in_it(room: Room) -> None:
    """A request alone tells nobody anything."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(3, ["Chị ơi"])
    async with (
        room.served() as base,
        listening(room, base, "hoaban", f"/console/live?topics=case:{case}") as ban,
        room.signed_in("hoasen") as stranger,
    ):
        await until(lambda: "Chị ơi" in ban.html(), 5)
        await stranger.post(f"/console/cases/{case}/writing")
        await room.says(case, "em đây")
        await until(lambda: "em đây" in ban.html(), 5)
    assert "Hoa Sen" not in ban.html()


async def rows(room: Room) -> dict[str, int]:
    """How many rows each table of the data has."""
    async with room.store.data.connect() as conn:
        names = (await conn.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        return {
            name: (await conn.exec_driver_sql(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in sorted(names)
        }


async def test_pages_of_two_processes_know_of_each_other(room: Room) -> None:
    """Each has its own memory; what is said reaches both."""
    await room.hire("hoaban", "hoasen")
    second = Room(room.store, room.library)
    topics = f"/console/live?topics=case:{await room.person(3, ['Chị ơi'])}"
    async with (
        room.served() as here,
        second.served() as there,
        listening(room, here, "hoaban", topics) as ban,
        listening(second, there, "hoasen", topics) as sen,
    ):
        await until(lambda: "Hoa Sen đang xem" in ban.html() and "Hoa Ban đang xem" in sen.html(), 5)
