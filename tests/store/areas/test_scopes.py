"""Scopes: whole parts of a code decide what they cover, what is no scope covers nothing, and every act asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.areas import COMMUNES, PROVINCES
from store.areas import models as areas
from store.areas.models import area
from store.areas.scopes import canonical, covers, parse_scope, within
from store.broadcasts import decisions, overview
from store.broadcasts.approvals import approve_card
from store.broadcasts.models import broadcast, digest_of
from store.broadcasts.proposals import ProposedCard, propose
from store.casework import task_list
from store.db.engine import Store
from store.errors import Refused
from store.groups import models as groups_models
from store.groups import service as groups
from store.groups.invite_codes import invite
from store.jobs.human_tasks import NewTask, open_task
from store.staff import authorization
from store.staff import models as staff
from store.staff.models import NewMember
from store.submissions import models as submissions_models
from store.submissions import service as submissions
from store.unit_of_work import BOT, SERVICE, UnitOfWork, member_actor, unit_of_work
from tests.support import content
from tests.support.staff import TEST, work_of_test

NOW = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)
WORDS = "cầu tre lắc lẻo gập ghềnh"
NA_SANG, TRUONG_SON = "vn-11-03172", "vn-44-19204"
LIBRARY = content.reviewed().library
CARD = next(card for card in LIBRARY.shelf("journey") if LIBRARY.may_go_unasked(card))

digits = st.sampled_from("0123456789")
provinces = st.text(digits, min_size=2, max_size=2).map(lambda code: f"vn-{code}")
communes = st.builds("{}-{}".format, provinces, st.text(digits, min_size=5, max_size=5))
scopes = st.one_of(st.just("vn"), provinces, communes)
anything = st.one_of(scopes, st.text("vn-01 ", max_size=12), st.text(max_size=12))


@given(scopes, scopes, scopes)
def test_covering_is_an_order(a: str, b: str, c: str) -> None:
    """Every scope covers itself; what covers what it covers; two that cover each other are one."""
    assert covers(a, a)
    assert not (covers(a, b) and covers(b, c)) or covers(a, c)
    assert not (covers(a, b) and covers(b, a)) or a == b


@given(communes)
def test_a_commune_lies_in_its_province_and_the_nation(commune: str) -> None:
    """Whole parts: the nation and its own province cover a commune, it covers neither."""
    province = commune[:5]
    assert all(covers(*pair) for pair in (("vn", commune), (province, commune), ("vn", province)))
    assert not any(covers(*pair) for pair in ((commune, province), (province, "vn"), (commune, "vn")))


@given(anything, scopes)
def test_a_beginning_that_is_no_ancestor_covers_nothing(start: str, code: str) -> None:
    """`vn-1` is no ancestor of `vn-11`, nor is the empty text, nor half a commune's code."""
    ancestors = {"-".join(code.split("-")[:parts]) for parts in (1, 2, 3)}
    assert covers(start, code) is (canonical(start) in ancestors)
    for length in range(len(code)):
        assert covers(code[:length], code) is (code[:length] in ancestors)


@pytest.mark.parametrize("written", ["", " ", "vn-", "v", "vn-1", "vn-11-", "vn-11-0317", "vn-11-031720", "nahtion"])
@pytest.mark.parametrize("more", ["03172", "vn_11", "vn-11-03172-1", "vn-1１", "%", "vn-%", "vn-__", "1"])
def test_what_is_no_scope_covers_nothing(written: str, more: str) -> None:
    """An empty, mistyped or strange scope covers no area, and no scope covers a strange area."""
    for one in (written, more):
        assert canonical(one) == ""
        assert not any(covers(one, code) for code in ("vn", "vn-11", NA_SANG))
        assert not covers("vn", one)


@pytest.mark.parametrize("written", ["vn", "nation", " Nation ", "VN-11", "11", NA_SANG, "vn-1", "", "vn-%"])
async def test_the_condition_in_the_database_is_the_function(store: Store, written: str) -> None:
    """`within` lets through exactly the rows whose area `covers` holds."""
    async with store.data.begin() as conn:
        await areas.sync_units(conn, LIBRARY.areas)
        everywhere = (await conn.execute(select(area.c.code))).scalars().all()
        found = (await conn.execute(select(area.c.code).where(within(area.c.code, written)))).scalars().all()
    assert set(found) == {code for code in everywhere if covers(written, code)}
    assert len(everywhere) == 1 + PROVINCES + COMMUNES


READ = {
    "nation": "vn",
    "vn": "vn",
    " VN ": "vn",
    "11": "vn-11",
    "vn-11": "vn-11",
    "03172": NA_SANG,
    "Vn-11-03172": NA_SANG,
}


async def test_a_scope_is_read_as_people_write_it(store: Store) -> None:
    """The nation by two names, a province or a commune by its bare code; stored in one form."""
    async with store.data.begin() as conn:
        await areas.sync_units(conn, LIBRARY.areas)
        assert {written: await parse_scope(conn, written) for written in READ} == READ


@pytest.mark.parametrize(
    "written",
    ["nahtion-typo", "quang-tri-xyz", "", "1", "99", "vn-99", "vn-44-03172", "03173", "vn-1", "vn-11 44"],
)
async def test_a_scope_that_names_no_area_is_refused_and_told_how_to_write_it(store: Store, written: str) -> None:
    """Mistyped, of no area, or a commune under a province that is not its own."""
    async with store.data.begin() as conn:
        await areas.sync_units(conn, LIBRARY.areas)
        with pytest.raises(Refused, match=r"nation.*vn-11.*vn-11-03172"):
            await parse_scope(conn, written)


async def test_before_there_are_areas_the_shape_decides(store: Store) -> None:
    """An empty table: a well-formed code is taken, a typo is not, and a bare commune must be written whole."""
    async with store.data.begin() as conn:
        assert await parse_scope(conn, "vn-11-03172") == NA_SANG
        assert await parse_scope(conn, "11") == "vn-11"
        for written in ("nahtion", "vn-1", "03172", ""):
            with pytest.raises(Refused, match="no area"):
                await parse_scope(conn, written)


@dataclass
class Village:
    """A group in Na Sang with one broadcast proposed by somebody else, a tip from there, and who works for what."""

    store: Store
    group: int
    broadcast: int
    digest: bytes

    async def member(self, conn: AsyncConnection, scope: str, *roles: str) -> UUID:
        """Hire somebody and write her scope as the database has it, whatever it is."""
        work = UnitOfWork(self.store, conn, NOW, TEST)
        who = await staff.create_staff(work, NewMember(f"who{roles[0]}", "Hoa", roles), WORDS)
        await work.flush()
        await conn.execute(update(staff.staff).where(staff.staff.c.id == who).values(scope=scope))
        return who


@pytest.fixture
async def village(store: Store) -> Village:
    """Na Sang, as it stands before each act."""
    async with store.data.begin() as conn:
        await areas.sync_units(conn, LIBRARY.areas)
        group = {"title": "Tổ Na Sang", "area": NA_SANG, "created_at": NOW}
        made = insert(groups_models.village_group).values(group).returning(groups_models.village_group.c.id)
        group_id = (await conn.execute(made)).scalar_one()
        author = await staff.create_staff(
            UnitOfWork(store, conn, NOW, TEST), NewMember("author", "Hoa", ["commune_staff"], NA_SANG), WORDS
        )
        digest = digest_of(CARD, group_id, {})
        row = {"group_id": group_id, "card": CARD, "digest": digest, "author_staff": author, "proposed_at": NOW}
        made = insert(broadcast).values(row).returning(broadcast.c.id)
        broadcast_id = (await conn.execute(made)).scalar_one()
        await submissions_models.keep_tip(UnitOfWork(store, conn, NOW, BOT), kind="lure", seen="today", area="03172")
    return Village(store, group_id, broadcast_id, digest)


Act = Callable[[UnitOfWork, Village], Awaitable[object]]


async def _create(work: UnitOfWork, _: Village) -> None:
    await groups.create_group(work, "Tổ mới", NA_SANG)


def _code(kind: str) -> Act:
    async def act(work: UnitOfWork, at: Village) -> None:
        await invite(work, at.group, kind)

    return act


async def _decide(work: UnitOfWork, at: Village) -> None:
    await decisions.decide(work, LIBRARY, decisions.Decision(at.broadcast, at.digest, "yes"))


def _steer(act: str, before: str) -> Act:
    async def steer(work: UnitOfWork, at: Village) -> None:
        await work.conn.execute(update(broadcast).values(state=before))
        await decisions.change(work, LIBRARY, at.broadcast, act)

    return steer


async def _tip(work: UnitOfWork, _: Village) -> None:
    await submissions.mark(work, 1, "read")


ACTS: dict[str, Act] = {
    "create a group": _create,
    "code for a member": _code(groups_models.MEMBER),
    "code for the audience": _code(groups_models.AUDIENCE),
    "code for the chat": _code(groups_models.CHAT),
    "decide": _decide,
    "pause": _steer("pause", "sending"),
    "resume": _steer("resume", "paused"),
    "stop": _steer("stop", "sending"),
    "mark a tip": _tip,
}
INSIDE = ("vn", "nation", "vn-11", "11", NA_SANG)
OUTSIDE = ("", "vn-1", "v", "nahtion-typo", "vn-44", TRUONG_SON, "vn-11-0317", "vn-11-03173", "03172", "%")


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
async def test_every_act_asks_the_scope_of_who_does_it(village: Village, act: Act) -> None:
    """Done by whoever works for the commune, its province or the nation; by nobody else, whatever stands in her row."""
    for scope in (*INSIDE, *OUTSIDE):
        async with village.store.data.connect() as conn:
            who = await village.member(conn, scope, staff.PROV_ADMIN)
            work = UnitOfWork(village.store, conn, NOW, member_actor(who))
            if scope in INSIDE:
                await act(work, village)
            else:
                with pytest.raises(Refused, match="outside"):
                    await act(work, village)
            await conn.rollback()


async def test_who_left_may_act_nowhere(village: Village) -> None:
    """Her scope goes with her."""
    async with village.store.data.begin() as conn:
        who = await village.member(conn, "vn", staff.PROV_ADMIN)
        await conn.execute(update(staff.staff).where(staff.staff.c.id == who).values(active=False))
        with pytest.raises(Refused, match="outside"):
            await authorization.require(conn, who, NA_SANG)


async def test_proposing_asks_the_scope_of_its_author(village: Village) -> None:
    """Before the card is even looked at; a group that is not there is refused in words."""
    async with unit_of_work(village.store, NOW, SERVICE) as work:
        await approve_card(work, LIBRARY, CARD)
        stranger = await village.member(work.conn, TRUONG_SON, staff.COMMUNE_STAFF)
        hers = work.acting_as(member_actor(stranger))
        with pytest.raises(Refused, match="outside"):
            await propose(hers, LIBRARY, ProposedCard(CARD, village.group))
        await work.conn.execute(update(staff.staff).where(staff.staff.c.id == stranger).values(scope="vn"))
        with pytest.raises(Refused, match="no such group"):
            await propose(hers, LIBRARY, ProposedCard(CARD, 999))


async def test_a_card_is_approved_for_the_nation_by_whoever_works_for_it(village: Village) -> None:
    """An approval holds everywhere, so the scope of one province, or none, does not give it."""
    for scope in ("vn-11", "", "vn-1"):
        async with village.store.data.connect() as conn:
            who = await village.member(conn, scope, staff.CONTENT_REVIEWER)
            with pytest.raises(Refused, match="outside"):
                await approve_card(UnitOfWork(village.store, conn, NOW, member_actor(who)), LIBRARY, CARD)


async def test_a_group_lies_in_a_commune(village: Village) -> None:
    """A province or the nation is no commune: a group of the nation would be everybody's and make everybody near."""
    async with village.store.data.begin() as conn:
        who = await village.member(conn, "vn", staff.COMMUNE_STAFF)
        work = UnitOfWork(village.store, conn, NOW, member_actor(who))
        for code in ("vn", "vn-11", "", "vn-11-0317"):
            with pytest.raises(Refused, match="no such commune"):
                await groups.create_group(work, "Tổ mới", code)


@pytest.mark.parametrize("scope", [*INSIDE, *OUTSIDE])
async def test_lists_show_what_a_scope_covers(village: Village, scope: str) -> None:
    """Groups, broadcasts and tips of her area, and the count beside the word; one alone is looked for there too."""
    inside = int(scope in INSIDE)
    async with village.store.data.begin() as conn:
        assert len(await groups.groups(conn, scope=scope)) == inside
        assert len(await overview.proposals(conn, scope=scope)) == inside
        assert len(await overview.proposals(conn, village.broadcast, scope=scope)) == inside
        assert len(await submissions.tips(conn, scope=scope)) == inside
        assert (await submissions.unread(conn)).tips(scope) == inside


@pytest.mark.parametrize(
    ("written", "readers"),
    [
        ("11", ["vn", "vn-11"]),
        ("03172", ["vn", "vn-11", NA_SANG]),
        ("", ["vn"]),
        ("99999", ["vn"]),
    ],
)
async def test_a_tip_without_a_known_place_is_the_nations_to_read(
    village: Village, written: str, readers: list[str]
) -> None:
    """A province's tip is for the province; one from nowhere, or from a place that is no more, is not lost."""
    async with village.store.data.begin() as conn:
        await conn.execute(update(submissions_models.tip).values(area=written))
        asked = ("vn", "vn-11", NA_SANG, "vn-44")
        assert [scope for scope in asked if await submissions.tips(conn, scope=scope)] == readers


TASKS = {
    "check_in": {"counsellor", "shift_lead", "case_worker"},
    "due": {"counsellor", "shift_lead", "case_worker"},
    "answer": {"counsellor", "shift_lead"},
    "receipt": {"counsellor", "shift_lead"},
    "tip": {"counsellor", "shift_lead", "prov_admin"},
    "question": {"shift_lead", "prov_admin"},
    "broadcast": {"shift_lead", "prov_admin"},
    "unlisted": {"shift_lead"},
}


@pytest.mark.parametrize("kind", TASKS)
async def test_a_task_is_done_by_the_roles_of_its_kind(store: Store, kind: str) -> None:
    """By its number too: whoever may not read what it is about cannot tick it off."""
    for role in staff.ROLES:
        async with store.data.connect() as conn:
            who = await staff.create_staff(UnitOfWork(store, conn, NOW, TEST), NewMember("hoa", "Hoa", [role]), WORDS)
            await open_task(UnitOfWork(store, conn, NOW, BOT), NewTask(kind, "1", "late"))
            [task] = await task_list.open_tasks(conn)
            found = await staff.member(conn, who)
            assert found is not None
            assert task.is_for(found) is (role in TASKS[kind])
            work = UnitOfWork(store, conn, NOW, member_actor(who))
            if role in TASKS[kind]:
                await task_list.finish(work, task.id)
                assert await task_list.open_tasks(conn) == []
            else:
                with pytest.raises(Refused, match="somebody else"):
                    await task_list.finish(work, task.id)
                assert len(await task_list.open_tasks(conn)) == 1
            await conn.rollback()


async def test_a_scope_is_given_recorded_and_missed_where_it_names_no_area(village: Village) -> None:
    """Somebody whose scope names no area is named with the way out; a good scope ends that."""
    async with work_of_test(village.store, NOW) as work:
        conn = work.conn
        who = await village.member(conn, "vn-1", staff.PROV_ADMIN)
        [sentence] = await authorization.stray(conn)
        assert '"vn-1" of whoprov_admin' in sentence
        assert "nhipcau admin scope whoprov_admin" in sentence
        with pytest.raises(Refused, match="no area"):
            await authorization.assign(work, "whoprov_admin", "vn-1")
        assert await authorization.assign(work, "WhoProv_Admin", "11") == "vn-11"
        assert await authorization.stray(conn) == []
        await authorization.require(conn, who, NA_SANG)
        with pytest.raises(Refused, match="nobody signs in"):
            await authorization.assign(work, "nobody", "vn")


async def test_a_member_is_created_with_a_scope_that_names_an_area(village: Village) -> None:
    """Stored in the one form; a typo makes no account."""
    async with work_of_test(village.store, NOW) as work:
        conn = work.conn
        with pytest.raises(Refused, match="no area"):
            await staff.create_staff(work, NewMember("mai", "Hoa", ["prov_admin"], "vn-1"), WORDS)
        who = await staff.create_staff(work, NewMember("tinh", "Hoa", ["prov_admin"], "11"), WORDS)
        assert (await conn.execute(select(staff.staff.c.scope).where(staff.staff.c.id == who))).scalar_one() == "vn-11"
