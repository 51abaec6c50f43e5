"""Rule 16 at the desk: of a child under sixteen 111 is told, and nobody can overlook that it was not."""

from __future__ import annotations

import pytest

from content.library import Library
from store.cases import service as cases
from store.casework import assignment, closing, queue
from store.casework.queue import QueueRow
from store.children import reports
from store.children.reports import ReportReceipt
from store.db.engine import Store
from store.errors import Refused
from store.refusals import Refusal
from store.unit_of_work import BOT, unit_of_work
from tests.support import content
from tests.support.console_room import Room


@pytest.fixture(scope="module")
def library() -> Library:
    """The content as it ships."""
    return content.library()


@pytest.fixture
async def room(store: Store, library: Library) -> Room:
    """A console with one counsellor."""
    made = Room(store, library)
    await made.hire("hoaban")
    return made


async def row(room: Room) -> QueueRow:
    """The only case, as the desk shows it."""
    async with room.store.data.connect() as conn:
        [found] = await queue.queue(conn)
        return found


@pytest.mark.parametrize("level", [1, 2, 3, 4])
async def test_report_of_a_child_is_due_at_once_whatever_the_level(room: Room, level: int) -> None:
    """Within fifteen minutes from the mark, by day and by night; sooner where the danger is."""
    case = await room.person(level)
    async with unit_of_work(room.store, now := room.clock.now(), BOT) as work:
        await cases.add_flags(work, (await cases.load_case(work.conn, case)).person_id, ["child", "under_16"])
    due = (await row(room)).report_due
    assert due is not None
    assert (due - now).total_seconds() == (300 if level == 4 else 900)


async def test_case_of_a_child_cannot_go_out_of_sight_untold(room: Room, library: Library) -> None:
    """It is not closed as done before somebody has written down who took the report."""
    case = await room.person(3)
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        await cases.add_flags(work, (await cases.load_case(work.conn, case)).person_id, ["child", "under_16"])
    async with room.works("hoaban") as work:
        await assignment.acknowledge(work, case)
    with pytest.raises(Refused) as told:
        async with room.works("hoaban") as work:
            await closing.close(work, case, "safe", library, 1)
    assert told.value.refusal is Refusal.REPORT_MISSING
    async with room.works("hoaban") as work:
        await reports.keep_receipt(work, case, ReportReceipt(work.now, "Lan", ""))
        await closing.close(work, case, "safe", library, 1)
    async with room.store.data.connect() as conn:
        assert await queue.queue(conn) == []
