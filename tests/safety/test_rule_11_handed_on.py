"""Safety rule 11 in the console: a case handed on or kept from her commune is sealed to exactly its readers."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from store import audit
from store.cases import inbound, rekey
from store.cases import keys as case_keys
from store.cases import readers as case_readers
from store.cases import service as cases
from store.cases.keys import case_key_copy
from store.cases.models import case_file
from store.casework import queue
from store.db.engine import Store
from store.errors import Refused
from store.staff import vault
from store.staff.models import staff
from store.unit_of_work import BOT, unit_of_work
from tests.support import casework, content
from tests.support.console_room import WORDS, Room
from tests.support.staff import shut_out
from tests.support.stage import until

COMMUNE = "vn-02-00001"


@pytest.fixture
async def room(store: Store) -> Room:
    """Two counsellors and a shift lead."""
    made = Room(store, content.library())
    await made.hire("hoaban", "hoasen", "hoadao")
    return made


async def key_of(room: Room, login: str) -> bytes:
    """The opened private key of a member."""
    async with room.store.data.connect() as conn:
        locked = (await conn.execute(select(staff.c.vault).where(staff.c.login == login))).scalar_one()
    return vault.unlock(locked, WORDS)


async def read_by(room: Room, case: UUID, login: str) -> list[str]:
    """Her words as one member reads them."""
    view = await casework.read(room.store, room.clock.now(), case, room.ids[login], await key_of(room, login))
    return [line.text for line in view.lines if line.direction == "in"]


async def test_handing_on_gives_the_past_and_takes_the_future(room: Room) -> None:
    """The new owner reads everything; the former owner what was written before, never what came after."""
    case = await room.person(3, ["trước khi chuyển"])
    store, now = room.store, room.clock.now()
    assert await casework.acknowledge(store, now, case, room.ids["hoaban"])
    private = await key_of(room, "hoaban")
    await casework.transfer(store, now, case, room.ids["hoaban"], private, room.ids["hoasen"], "shift_ends")
    await room.says(case, "sau khi chuyển")
    assert await read_by(room, case, "hoasen") == ["trước khi chuyển", "sau khi chuyển"]
    assert await read_by(room, case, "hoaban") == ["trước khi chuyển"]
    await rekey.follow_roster(store, now)
    await room.says(case, "và sau nữa")
    assert await read_by(room, case, "hoadao") == ["trước khi chuyển", "sau khi chuyển", "và sau nữa"]
    assert await read_by(room, case, "hoaban") == ["trước khi chuyển"], "rekeying lets nobody back in"
    async with store.data.connect() as conn:
        [handed] = [one for one in await audit.page(conn) if one.action == "case.transferred"]
    assert dict(handed.meta) == {"reason": "shift_ends", "to": str(room.ids["hoasen"])}


async def test_a_case_handed_back_opens_again(room: Room) -> None:
    """Who gets a case back reads what was written meanwhile."""
    case = await room.person(3, ["một"])
    store, now = room.store, room.clock.now()
    await casework.acknowledge(store, now, case, room.ids["hoaban"])
    for giver, taker in (("hoaban", "hoasen"), ("hoasen", "hoaban")):
        private = await key_of(room, giver)
        await casework.transfer(store, now, case, room.ids[giver], private, room.ids[taker], "her_wish")
        await room.says(case, f"với {taker}")
    assert await read_by(room, case, "hoaban") == ["một", "với hoasen", "với hoaban"]


async def test_only_the_owner_hands_on_to_who_may_read_for_a_listed_reason(room: Room) -> None:
    """Everything else is refused and changes nothing."""
    await room.hire("kiem")
    case = await room.person(3, ["một"])
    store, now, ids = room.store, room.clock.now(), room.ids
    await casework.acknowledge(store, now, case, ids["hoaban"])
    hoaban, hoasen = await key_of(room, "hoaban"), await key_of(room, "hoasen")
    for giver, key, taker, reason in (
        ("hoasen", hoasen, "hoadao", "shift_ends"),
        ("hoaban", hoaban, "kiem", "shift_ends"),
        ("hoaban", hoaban, "hoaban", "shift_ends"),
        ("hoaban", hoaban, "hoasen", "chị ấy kể nhiều quá"),
    ):
        with pytest.raises(Refused):
            await casework.transfer(store, now, case, ids[giver], key, ids[taker], reason)
    async with store.data.connect() as conn:
        assert (await conn.execute(select(case_file.c.acked_by))).scalar_one() == ids["hoaban"]
        assert len((await conn.execute(select(case_key_copy.c.epoch).distinct())).all()) == 1


async def of_commune(room: Room, login: str, scope: str = COMMUNE) -> None:
    """Let a member work for the commune."""
    async with room.store.data.begin() as conn:
        await conn.execute(update(staff).where(staff.c.id == room.ids[login]).values(scope=scope))


@pytest.mark.parametrize("scope", [COMMUNE, COMMUNE.upper(), f"{COMMUNE} ", "00001", "vn-02-0001", "vn-20-00001", ""])
async def test_staff_of_her_commune_are_not_offered_her_case(room: Room, scope: str) -> None:
    """Known from her group: not sealed to them, not in their queue, not theirs to take or be handed, nor called.

    However the commune is written, mistyped too: a scope that names no area may be hers.
    """
    await of_commune(room, "hoasen", scope)
    case = await room.person(3, ["em ở bản dưới"], commune=COMMUNE)
    store, now, hoasen = room.store, room.clock.now(), room.ids["hoasen"]
    async with store.data.connect() as conn:
        copies = set((await conn.execute(select(case_key_copy.c.reader_id))).scalars())
        assert copies == {case_keys.RECOVERY, room.ids["hoaban"], room.ids["hoadao"]}
        assert [row.id for row in await queue.queue(conn, room.ids["hoaban"])] == [case]
        assert await queue.queue(conn, hoasen) == []
        assert await case_readers.kept_away(conn, [case]) == {case: {hoasen}}
    with pytest.raises(Refused):
        await casework.acknowledge(store, now, case, hoasen)
    with pytest.raises(Refused):
        await read_by(room, case, "hoasen")
    await casework.acknowledge(store, now, case, room.ids["hoaban"])
    private = await key_of(room, "hoaban")
    with pytest.raises(Refused):
        await casework.transfer(store, now, case, room.ids["hoaban"], private, hoasen, "place")
    assert await rekey.follow_roster(store, now) == 0, "the readers of this case are all readers without them"


async def test_her_word_opens_her_case_to_staff_of_her_commune_and_closes_it_again(room: Room) -> None:
    """In the console, by whoever has the case, recorded; sealed to them from then on, and no longer when taken back."""
    await of_commune(room, "hoasen")
    case = await room.person(3, ["một"], commune=COMMUNE)
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as near:
        page = f"/console/cases/{case}"
        assert (await near.get(page)).status_code == 403
        await browser.post(f"{page}/take")
        assert (await browser.post(f"{page}/commune", data={"allowed": "yes"})).headers["location"] == page
        await room.says(case, "hai")
        assert "hai" in await read_by(room, case, "hoasen")
        await browser.post(f"{page}/commune", data={"allowed": "no"})
        assert (await near.get(page)).status_code == 403
    async with room.store.data.connect() as conn:
        newest = (await case_keys.newest_key(conn, case))[0]
        holders = select(case_key_copy.c.reader_id).where(case_key_copy.c.epoch == newest)
        assert room.ids["hoasen"] not in set((await conn.execute(holders)).scalars())


async def test_words_typed_on_a_stale_page_come_back_when_the_case_was_handed_on(room: Room) -> None:
    """Handed on in one tab, answered in the other: nothing is sent, a sentence says why, the words are there."""
    case = await room.person(3, ["một"])
    page = f"/console/cases/{case}"
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        await browser.post(f"{page}/take")
        form = {"to": str(room.ids["hoasen"]), "reason": "shift_ends"}
        assert (await browser.post(f"{page}/hand-on", data=form)).headers["location"] == "/console/queue"
        again = await browser.post(f"{page}/hand-on", data=form)
        assert (again.status_code, "Chưa chuyển ca" in again.text) == (409, True)
        stale = await browser.post(f"{page}/reply", data={"text": "Chị viết dở", "request_key": str(uuid4())})
        assert (stale.status_code, "không ở trong tay bạn" in stale.text, "Chị viết dở" in stale.text) == (
            422,
            True,
            True,
        )
        assert "Hoa Sen đang giữ ca này" in stale.text
        assert "<textarea" in (await colleague.get(page)).text
    async with room.store.data.connect() as conn:
        assert (await conn.exec_driver_sql("SELECT count(*) FROM ledger")).scalar_one() == 0


async def test_nothing_is_sealed_to_an_older_epoch_once_a_newer_one_is_there(room: Room) -> None:
    """A line that is being written holds the change of readers up; whoever leaves meanwhile reads nothing after it."""
    case = await room.person(3, ["một"])
    store, now = room.store, room.clock.now()
    await shut_out(store, now, "hoasen")
    async with unit_of_work(store, now, BOT) as work:
        person = (await cases.load_case(work.conn, case)).person_id
        assert await inbound.inbound_case(work, person) is not None
        following = asyncio.create_task(rekey.follow_roster(store, now))

        async def waits() -> bool:
            async with store.data.connect() as conn:
                query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
                return bool((await conn.exec_driver_sql(query)).scalar_one())

        await until(waits, 5)
        assert (await case_keys.newest_key(work.conn, case))[0] == 1
    assert await following == 1
    await room.says(case, "hai")
    assert await read_by(room, case, "hoaban") == ["một", "hai"]
    assert await read_by(room, case, "hoasen") == ["một"]
