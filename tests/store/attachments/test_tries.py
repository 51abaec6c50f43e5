"""A file is counted and postponed before it is worked on: whatever ends the work, it stands in nobody's way."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from store.attachments import service as attachments
from store.attachments.service import TRIES, State, case_attachment
from store.db.engine import Store
from store.unit_of_work import BOT, unit_of_work
from tests.support import content
from tests.support.console_room import Room
from tests.support.files.attachments import arrives


async def begun(room: Room, most: int = 8) -> list[UUID]:
    """The files of a round whose worker dies at once: nothing is ever said of them."""
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        return [row.id for row in await attachments.begin_tries(work, most)]


async def test_a_file_whose_worker_died_is_tried_later_and_after_all_others(store: Store) -> None:
    """At once only the others are; it comes again when its time has come, behind what was tried less."""
    room = Room(store, content.library())
    case = await room.person()
    await arrives(room, case)
    [deadly] = await begun(room)
    assert await begun(room) == []
    room.clock.advance(31)
    await arrives(room, case)
    assert (await begun(room, 1))[0] != deadly, "the newer one has been tried less often"
    assert await begun(room, 1) == [deadly]


async def test_a_file_that_ends_every_worker_is_given_up(store: Store) -> None:
    """Each try is counted though none of them comes to an end; after the last one its line says that it is lost."""
    room = Room(store, content.library())
    await arrives(room, await room.person())
    tries = 0
    while await begun(room):
        tries += 1
        room.clock.advance(timedelta(hours=1).total_seconds())
    async with store.data.connect() as conn:
        row = (await conn.execute(select(case_attachment))).one()
    assert tries == TRIES
    assert (row.state, row.reason, row.reference_ct) == (State.REFUSED, "lost", None)
