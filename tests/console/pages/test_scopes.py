"""Scopes in the console: a page shows what lies in her area, and nothing outside it is done, whatever is posted."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import insert, select, update

from content.library import Library
from store import audit
from store.areas import models as areas
from store.broadcasts.approvals import approve_card
from store.broadcasts.models import broadcast
from store.broadcasts.proposals import ProposedCard, propose
from store.casework import task_list
from store.groups import models as groups_models
from store.groups import service as groups
from store.groups.models import AUDIENCE, CHAT, MEMBER, invitation, village_group
from store.jobs.human_tasks import NewTask, open_task
from store.staff.models import staff
from store.submissions import models as submissions_models
from store.unit_of_work import BOT, CLOCK, SERVICE, UnitOfWork, unit_of_work
from tests.support.console_room import Room

NA_SANG, TRUONG_SON = "vn-11-03172", "vn-44-19204"
OUTSIDE = "nằm ngoài địa bàn"


async def works_for(room: Room, login: str, scope: str) -> None:
    """Write a member's scope as the database has it."""
    async with room.store.data.begin() as conn:
        await conn.execute(update(staff).where(staff.c.id == room.ids[login]).values(scope=scope))


@pytest.fixture
async def village(room: Room, library: Library) -> Room:
    """A group in Na Sang, a card approved, and one broadcast proposed by somebody who is not asked again."""
    await room.hire("canbo", "duyettin", "hoaban", "hoamai")
    room.settings.demo = True
    card = next(one for one in library.shelf("journey") if library.may_go_unasked(one))
    async with room.works("canbo") as work:
        await areas.sync_units(work.conn, library.areas)
        await groups.create_group(work, "Tổ Na Sang", NA_SANG)
        await approve_card(work.acting_as(SERVICE), library, card, drafts=True)
        await propose(work, library, ProposedCard(card, 1), drafts=True)
    return room


async def state(room: Room) -> str:
    """Where the broadcast stands."""
    async with room.store.data.connect() as conn:
        found: str = (await conn.execute(select(broadcast.c.state))).scalar_one()
        return found


async def digest(room: Room) -> str:
    """What its second person would have been shown."""
    async with room.store.data.connect() as conn:
        shown: bytes = (await conn.execute(select(broadcast.c.digest))).scalar_one()
        return shown.hex()


async def test_staff_of_a_commune_see_and_do_nothing_in_another(village: Room, library: Library) -> None:
    """Not its group, not its broadcast, no code of any kind, no proposal, no group there; their own goes on."""
    await works_for(village, "canbo", TRUONG_SON)
    card = library.shelf("journey")[0]
    async with village.signed_in("canbo") as browser:
        page = (await browser.get("/console/groups")).text
        assert "Tổ Na Sang" not in page
        assert re.findall(r'<option value="([^"]+)">', page) == [TRUONG_SON]
        assert "Tổ Na Sang" not in (await browser.get("/console/broadcasts")).text
        assert (await browser.get("/console/broadcasts/1")).status_code == 404
        for kind in (MEMBER, AUDIENCE, CHAT):
            _refused(await browser.post("/console/groups/1/invite", data={"kind": kind}))
        _refused(await browser.post("/console/groups", data={"title": "Tổ thử", "area": NA_SANG}))
        _refused(await browser.post("/console/broadcasts", data={"card": card, "group": "1"}))
        made = await browser.post("/console/groups", data={"title": "Tổ Trường Sơn", "area": TRUONG_SON})
        assert made.status_code == 303
        assert "Tổ Trường Sơn" in (await browser.get("/console/groups")).text
    async with village.store.data.connect() as conn:
        assert (await conn.execute(select(invitation.c.id))).all() == []
        assert len((await conn.execute(select(village_group.c.id))).all()) == 2
        assert len((await conn.execute(select(broadcast.c.id))).all()) == 1


def _refused(answer: httpx.Response) -> None:
    assert answer.status_code == 403
    assert OUTSIDE in answer.text


@pytest.mark.parametrize("scope", ["vn-44", "vn-1", "v", "", "nahtion-typo", "vn-11-0317"])
async def test_another_province_neither_decides_nor_steers(village: Room, scope: str) -> None:
    """Not while it waits, nor when it is on its way or paused."""
    await works_for(village, "duyettin", scope)
    form = {"digest": await digest(village), "say": "yes"}
    async with village.signed_in("duyettin") as browser:
        _refused(await browser.post("/console/broadcasts/1/decide", data=form))
        _refused(await browser.post("/console/broadcasts/1/decide", data=form | {"say": "no"}))
        assert await state(village) == "proposed"
        for act, before in (("pause", "sending"), ("resume", "paused"), ("stop", "sending"), ("stop", "paused")):
            async with village.store.data.begin() as conn:
                await conn.execute(update(broadcast).values(state=before))
            _refused(await browser.post("/console/broadcasts/1/steer", data={"act": act}))
            assert await state(village) == before


@pytest.mark.parametrize("scope", ["vn", "nation", "vn-11", "11", NA_SANG])
async def test_her_own_area_decides_and_steers(village: Room, scope: str) -> None:
    """The nation by either name, the province by its code as the command's help says, the commune."""
    await works_for(village, "duyettin", scope)
    form = {"digest": await digest(village), "say": "yes"}
    async with village.signed_in("duyettin") as browser:
        assert "Tổ Na Sang" in (await browser.get("/console/broadcasts")).text
        assert (await browser.get("/console/broadcasts/1")).status_code == 200
        assert (await browser.post("/console/broadcasts/1/decide", data=form)).status_code == 303
        for act, then in (("pause", "paused"), ("resume", "sending"), ("stop", "stopped")):
            assert (await browser.post("/console/broadcasts/1/steer", data={"act": act})).status_code == 303
            assert await state(village) == then


async def test_tips_of_another_province_are_neither_shown_nor_marked_nor_counted(village: Room) -> None:
    """A tip from Na Sang, the province of Quảng Trị."""
    await works_for(village, "duyettin", "vn-44")
    async with unit_of_work(village.store, village.clock.now(), BOT) as work:
        await submissions_models.keep_tip(work, kind="lure", seen="today", area="03172")
    async with village.signed_in("duyettin") as browser:
        page = (await browser.get("/console/tips")).text
        assert "Na Sang" not in page
        assert 'class="count"' not in page
        _refused(await browser.post("/console/tips/1", data={"say": "read"}))
        await works_for(village, "duyettin", "vn-11")
        assert "Na Sang" in (await browser.get("/console/tips")).text
        assert (await browser.post("/console/tips/1", data={"say": "read"})).status_code == 303


async def test_a_task_is_not_ticked_off_by_its_number(village: Room) -> None:
    """A case worker, whose role opens no tips, posts the number of their task: it stays, and the answer is true."""
    async with unit_of_work(village.store, village.clock.now(), BOT) as work:
        await submissions_models.keep_tip(work, kind="lure", seen="today", area="")
    async with village.signed_in("hoamai") as browser:
        assert "/console/tips" not in (await browser.get("/console/check-ins")).text
        answer = await browser.post("/console/tasks/1/done")
        assert answer.status_code == 403
        assert "người khác" in answer.text
    async with village.store.data.connect() as conn:
        assert [task.kind for task in await task_list.open_tasks(conn)] == ["tip"]
        assert "task.done" not in {entry.action for entry in await audit.page(conn)}


async def test_a_check_in_task_is_for_who_carries_the_plan_and_the_shift_lead(village: Room) -> None:
    """Nobody else sees it or ticks it off, until whoever carries the plan has left."""
    await village.hire("hoadao")
    await village.person()
    now = village.clock.now()
    async with village.store.data.begin() as conn:
        [person] = (await conn.exec_driver_sql("SELECT id FROM person")).scalars()
        await conn.exec_driver_sql(
            "INSERT INTO check_in_plan(person_id, alias, state, hours, lang, agreed_at, started_by) "
            "VALUES ($1, 'Suối Trong', 'active', '{480, 600}', 'vi', $2, $3)",
            (person, now, village.ids["hoamai"]),
        )
        await conn.exec_driver_sql(
            "INSERT INTO check_in(plan_id, step, state, due_at, not_after) VALUES (1, 1, 'handed', $1, $1)", (now,)
        )
        work = UnitOfWork(village.store, conn, now, CLOCK)
        await open_task(work, NewTask("check_in", "1", "missed", person, "Suối Trong"))
    for login, sees in (("hoaban", False), ("hoamai", True), ("hoadao", True)):
        async with village.signed_in(login) as browser:
            assert ("/console/tasks/1/done" in (await browser.get("/console/check-ins")).text) is sees
    async with village.signed_in("hoaban") as browser:
        assert (await browser.post("/console/tasks/1/done")).status_code == 403
        async with village.store.data.begin() as conn:
            await conn.execute(update(staff).where(staff.c.login == "hoamai").values(active=False))
        assert (await browser.post("/console/tasks/1/done")).status_code == 303
        assert (await browser.post("/console/tasks/1/done")).status_code == 409


async def test_a_group_of_no_commune_is_registered_by_nobody(village: Room) -> None:
    """The nation and a province are areas, but no place of a group."""
    async with village.signed_in("canbo") as browser:
        for code in ("vn", "vn-11", "", "11"):
            answer = await browser.post("/console/groups", data={"title": "Tổ thử", "area": code})
            assert answer.status_code == 422
    async with village.store.data.begin() as conn:
        assert len((await conn.execute(select(groups_models.village_group.c.id))).all()) == 1
        await conn.execute(insert(village_group).values(title="Tổ cũ", area="vn", created_at=village.clock.now()))
    async with village.signed_in("canbo") as browser:
        assert "Tổ cũ" in (await browser.get("/console/groups")).text, "one that stood there before is not lost"


async def test_whoever_works_for_the_nation_types_the_commune(village: Room) -> None:
    """A list of 3,321 communes is no choice: a name that means one is taken, others are asked about, none is lost."""
    await works_for(village, "canbo", "vn")
    async with village.signed_in("canbo") as browser:
        page = (await browser.get("/console/groups")).text
        assert 'name="place"' in page
        assert len(page) < 20_000
        form = {"title": "Tổ thử", "place": "Xã không có"}
        nowhere = await browser.post("/console/groups", data=form)
        assert (nowhere.status_code, 'value="Tổ thử"' in nowhere.text) == (422, True)
        several = await browser.post("/console/groups", data=form | {"place": "trường sơn"})
        offered = re.findall(r'<option value="(vn-[0-9-]+)"', several.text)
        assert TRUONG_SON in offered
        assert len(offered) > 1
        one = await browser.post("/console/groups", data=form | {"place": "truong son, quang tri"})
        assert one.status_code == 303
    async with village.store.data.connect() as conn:
        made = (await conn.execute(select(village_group.c.area).where(village_group.c.title == "Tổ thử"))).scalars()
        assert made.all() == [TRUONG_SON]


async def test_a_province_has_a_list_of_its_own_communes(village: Room) -> None:
    """Nobody types where a list is short enough, and nothing of another province is in it."""
    await works_for(village, "canbo", "vn-11")
    async with village.signed_in("canbo") as browser:
        offered = re.findall(r'<option value="(vn-[0-9-]+)"', (await browser.get("/console/groups")).text)
    assert NA_SANG in offered
    assert len(offered) > 40
    assert all(code.startswith("vn-11-") for code in offered)
