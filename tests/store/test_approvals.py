"""What waits for a second person: shown to whoever may decide, and to nobody else."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from content.library import Library
from store.approvals.service import approvals_waiting
from store.audit_search import exports
from store.audit_search.search import AuditFilter
from store.corrections import levels
from store.corrections.levels import LevelChange
from store.db.engine import Store
from store.referrals.models import referral
from tests.support import content
from tests.support.console_room import MEMBERS, Room

COMMUNE = "vn-11-03172"


@pytest.fixture
def library() -> Library:
    """The content as it ships."""
    return content.library()


@pytest.fixture
async def room(store: Store, library: Library) -> Room:
    """Two counsellors, a shift lead, the province and an auditor."""
    made = Room(store, library)
    await made.hire("hoaban", "hoasen", "hoadao", "duyettin", "kiem")
    return made


async def waits_for(room: Room, login: str) -> list[tuple[str, UUID | None]]:
    """What the list of a member holds."""
    async with room.store.data.connect() as conn:
        found = await approvals_waiting(conn, room.ids[login], {MEMBERS[login][1]})
    return [(one.kind, one.case_id) for one in found]


async def everybody(room: Room) -> dict[str, list[tuple[str, UUID | None]]]:
    """The lists that are not empty."""
    found = {login: await waits_for(room, login) for login in room.ids}
    return {login: waits for login, waits in found.items() if waits}


async def ask_lower(room: Room, login: str, case: UUID) -> None:
    """Ask for a lower level."""
    async with room.works(login) as work:
        await levels.change_level(work, case, LevelChange(4, 2, "says_safe"))


async def test_lower_level_waits_for_everybody_who_reads_the_case_but_whoever_asked(room: Room) -> None:
    """Until it is decided on."""
    case = await room.person(4)
    assert await everybody(room) == {}
    await ask_lower(room, "hoaban", case)
    assert await everybody(room) == {"hoasen": [("level", case)], "hoadao": [("level", case)]}
    async with room.works("hoasen") as work:
        await levels.decline(work, case, 1)
    assert await everybody(room) == {}


async def test_nothing_of_a_case_is_shown_to_whom_her_commune_keeps_away(room: Room) -> None:
    """Staff of her own commune do not hear that there is a case at all, shift leads neither."""
    case = await room.person(4, commune=COMMUNE)
    async with room.store.data.begin() as conn:
        await conn.execute(text("UPDATE staff SET scope = :area WHERE login = 'hoadao'"), {"area": COMMUNE})
        await conn.execute(text("UPDATE staff SET scope = 'vn-92' WHERE login IN ('hoaban', 'hoasen')"))
        await conn.execute(
            text("INSERT INTO area(code, name, level) VALUES ('vn-92', 'x', 'province') ON CONFLICT DO NOTHING")
        )
    await ask_lower(room, "hoaban", case)
    assert await everybody(room) == {"hoasen": [("level", case)]}


async def test_referral_waits_for_a_second_reader(room: Room) -> None:
    """Neither for who prepared it nor for who has the case; not once her yes is taken back or the case is closed."""
    case = await room.person(3)
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
    values = {
        "key": uuid4(), "case_id": case, "code": "G1", "purpose": "C3", "service": "vn.111", "fields": [],
        "basis": "consent", "version": "1", "state": "agreed", "asked_at": room.clock.now(),
        "asked_by": room.ids["hoaban"],
    }  # fmt: skip
    async with room.store.data.begin() as conn:
        await conn.execute(insert(referral).values(values))
    assert await everybody(room) == {"hoasen": [("referral", case)], "hoadao": [("referral", case)]}
    async with room.store.data.begin() as conn:
        await conn.execute(text("UPDATE case_file SET closed_at = now()"))
    assert await everybody(room) == {}


@pytest.mark.parametrize(
    ("scope", "author", "waits"),
    [("vn", "", True), ("vn-11", "", True), (COMMUNE, "", True), ("vn-92", "", False), ("vn", "duyettin", False)],
)
async def test_broadcast_waits_for_the_province_of_its_group(room: Room, scope: str, author: str, waits: bool) -> None:
    """By the area of the group, and never for who proposed it."""
    async with room.store.data.begin() as conn:
        await conn.execute(text("UPDATE staff SET scope = :area WHERE login = 'duyettin'"), {"area": scope})
        await conn.execute(
            text("INSERT INTO area(code, name, level) VALUES (:area, 'x', 'commune')"), {"area": COMMUNE}
        )
        await conn.execute(
            text("INSERT INTO village_group(title, area, created_at) VALUES ('Nhóm', :area, now())"),
            {"area": COMMUNE},
        )
        proposed = (
            "INSERT INTO broadcast(card, group_id, digest, author_staff, proposed_at, state)"
            " SELECT 'x', id, '\\x00', :author, now(), 'proposed' FROM village_group"
        )
        await conn.execute(text(proposed), {"author": room.ids[author] if author else uuid4()})
    assert await everybody(room) == ({"duyettin": [("broadcast", None)]} if waits else {})


async def test_a_file_of_the_records_waits_for_another_auditor_or_administrator(room: Room) -> None:
    """Not for whoever asked, and no longer once it is decided on."""
    await room.hire("quantri")
    async with room.works("kiem") as work:
        await exports.ask(work, AuditFilter(), "Kiểm tra quý 4 theo kế hoạch")
    assert await everybody(room) == {"quantri": [("export", None)]}
    async with room.works("quantri") as work:
        await exports.decide(work, 1, confirmed=False)
    assert await everybody(room) == {}
