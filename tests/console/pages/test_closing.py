"""Closing a case: never by one click while somebody waits in it, and with a way back that sends nothing to her."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, insert, select

from content.directory.refusals import refusal_labels
from store import audit
from store.cases.keys import case_key, case_key_copy
from store.cases.models import CaseRow, case_file
from store.cases.service import load_case
from store.jobs.human_tasks import WITHDRAWAL, NewTask, open_task
from store.messages.models import ledger
from store.people.models import person
from store.privacy import forget_requests, forgetting
from store.unit_of_work import BOT, COMMAND, unit_of_work
from tests.support.console_room import Room

LINES = ("em đây ạ", "chị ơi", "em sợ")


async def taken(room: Room, browser: httpx.AsyncClient, *words: str) -> UUID:
    """A case in her hands, in which so many lines wait."""
    case = await room.person(3, words)
    await browser.post(f"/console/cases/{case}/take")
    return case


async def closed(room: Room, browser: httpx.AsyncClient, *words: str) -> UUID:
    """A case that she took, and closed although somebody waited."""
    case = await taken(room, browser, *words)
    form = {"reason": "answered", "waiting": str(max(1, len(words)))}
    assert (await browser.post(f"/console/cases/{case}/close", data=form)).status_code == 303
    return case


async def row(room: Room, case: UUID) -> CaseRow:
    """The case as it is kept."""
    async with room.store.data.connect() as conn:
        return await load_case(conn, case)


async def test_a_case_in_which_she_waits_is_closed_only_when_it_is_said_twice(room: Room) -> None:
    """The first saying is refused with the number of lines and the form as it was; a line in between asks again."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        case = await taken(room, browser, *LINES)
        where = f"/console/cases/{case}/close"
        first = await browser.post(where, data={"reason": "answered"})
        assert first.status_code == 409
        assert refusal_labels()["case_waits"]["vi"].format(lines=3) in first.text
        assert '<details open id="closing">' in first.text
        assert '<option value="answered" selected>' in first.text
        assert 'name="waiting" value="3"' in first.text
        await room.says(case, "chị có đó không")
        overtaken = await browser.post(where, data={"reason": "answered", "waiting": "3"})
        assert (overtaken.status_code, 'name="waiting" value="4"' in overtaken.text) == (409, True)
        assert (await row(room, case)).closed_at is None
        assert (await browser.post(where, data={"reason": "answered", "waiting": "4"})).status_code == 303
    assert (await row(room, case)).state == "closed"
    async with room.store.data.connect() as conn:
        [act] = [one for one in await audit.page(conn) if one.action == "case.closed"]
    assert act.meta == {"reason": "answered", "waiting": 4}


async def test_a_case_whose_lines_are_answered_is_closed_at_once(room: Room) -> None:
    """Nobody waits: one saying is enough, and the page of the case stays, with the way back."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        case = await taken(room, browser, *LINES)
        await browser.post(f"/console/cases/{case}/reply", data={"text": "Chị đây"})
        answer = await browser.post(f"/console/cases/{case}/close", data={"reason": "safe"})
        assert answer.headers["location"] == f"/console/cases/{case}"
        assert "Mở lại ca" in (await browser.get(f"/console/cases/{case}")).text


async def test_a_case_opened_again_is_as_it_was_and_sends_her_nothing(room: Room) -> None:
    """Its stage and its words come back, what nobody answered waits again, and a reader writes in it at once."""
    await room.hire("hoaban", "hoasen")
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        case = await taken(room, browser, *LINES)
        page = f"/console/cases/{case}"
        await browser.post(f"{page}/stage", data={"from": "receive", "stage": "verify"})
        await browser.post(f"{page}/close", data={"reason": "mistake", "waiting": "3"})
        assert (await colleague.post(f"{page}/reopen")).status_code == 303
        found = await row(room, case)
        assert (found.closed_at, found.state, found.acked_by) == (None, "verify", room.ids["hoasen"])
        assert found.waiting_since is not None
        async with room.store.data.connect() as conn:
            assert await conn.scalar(select(func.count()).select_from(ledger)) == 0
            acts = [(one.action, one.actor) for one in await audit.page(conn, limit=1)]
        assert acts == [("case.reopened", str(room.ids["hoasen"]))]
        await room.says(case, "em còn đây")
        shown = (await colleague.get(page)).text
        assert all(said in shown for said in (*LINES, "em còn đây"))
        assert (await colleague.post(f"{page}/reply", data={"text": "Chị đây"})).status_code == 303
        again = await colleague.post(f"{page}/reopen")
        assert (again.status_code, refusal_labels()["case_open"]["vi"] in again.text) == (409, True)


async def test_opened_again_nobody_has_left_her(room: Room) -> None:
    """The line that says that the human has left is for the answer to her next message, which a human reads now."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        case = await taken(room, browser, "chị ơi")
        await browser.post(f"/console/cases/{case}/reply", data={"text": "Chị đây"})
        await browser.post(f"/console/cases/{case}/close", data={"reason": "safe"})
        await browser.post(f"/console/cases/{case}/reopen")
    async with room.store.data.connect() as conn:
        assert (await conn.execute(select(person.c.left_by))).scalars().all() == [""]


async def _wishes(room: Room, who: UUID) -> None:
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        await forget_requests.request(work, who, 0)


async def _asked_beside_the_case(room: Room, who: UUID) -> None:
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        await open_task(work, NewTask(WITHDRAWAL, str(who), "withdrawal.wish", who, "Suối Trong"))


async def _another(room: Room, who: UUID) -> None:
    async with room.store.data.begin() as conn:
        last = (await conn.execute(select(case_file).where(case_file.c.person_id == who))).one()._asdict()
        other = UUID(int=7)
        values = last | {"id": other, "number": "7777", "closed_at": None, "state": "receive"}
        await conn.execute(insert(case_file).values(values))


@pytest.mark.parametrize(
    ("happened", "refusal"),
    [(_wishes, "reopen_forget"), (_asked_beside_the_case, "reopen_forget"), (_another, "reopen_not_now")],
)
async def test_a_case_stays_closed_once_she_asked_to_be_forgotten_or_another_is_open(
    room: Room, happened: object, refusal: str
) -> None:
    """What she was promised is kept; and of one person there is one open case."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        case = await closed(room, browser, "chị ơi")
        await happened(room, (await row(room, case)).person_id)  # type: ignore[operator]
        answer = await browser.post(f"/console/cases/{case}/reopen")
    assert (answer.status_code, refusal_labels()[refusal]["vi"] in answer.text) == (409, True)
    assert (await row(room, case)).closed_at is not None


async def test_a_forgotten_case_is_gone_and_one_without_keys_stays_shut(room: Room) -> None:
    """Forgetting leaves nothing to open again; thirty days after closing nobody holds a key."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        gone = await closed(room, browser, "chị ơi")
        await forgetting.forget(room.store, room.clock.now(), COMMAND, (await row(room, gone)).person_id)
        assert (await browser.post(f"/console/cases/{gone}/reopen")).status_code == 404
        old = await closed(room, browser, "chị ơi")
        async with room.store.data.begin() as conn:
            for keys in (case_key_copy, case_key):
                await conn.execute(keys.delete().where(keys.c.case_id == old))
        assert (await browser.post(f"/console/cases/{old}/reopen")).status_code == 403
    assert (await row(room, old)).closed_at is not None


async def test_who_does_not_read_a_case_does_not_open_it_again(room: Room) -> None:
    """Somebody who joined later holds no key, somebody of her own commune reads nothing of hers."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        case = await closed(room, browser, "chị ơi")
    await room.hire("hoasen")
    async with room.signed_in("hoasen") as newcomer:
        assert (await newcomer.post(f"/console/cases/{case}/reopen")).status_code == 403
    assert (await row(room, case)).closed_at is not None
