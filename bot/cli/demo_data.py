"""Demo data: staff of eight roles, a roster, a group."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from content.library import Library
from store.areas import models as areas
from store.broadcasts.approvals import approve_card
from store.db.engine import Store
from store.groups.invite_codes import invite
from store.groups.models import AUDIENCE, CHAT, MEMBER, village_group
from store.groups.service import create_group
from store.recordings import speakers
from store.staff import vault
from store.staff.models import (
    ADMIN,
    AUDITOR,
    CASE_WORKER,
    COMMUNE_STAFF,
    CONTENT_REVIEWER,
    COUNSELLOR,
    PROV_ADMIN,
    SHIFT_LEAD,
    NewMember,
    create_staff,
    staff,
    stretched,
)
from store.staff.roster import NewShift, add_duty
from store.unit_of_work import Actor, member_actor, unit_of_work

HOME = "vn-11-03172"
"""The commune of the demo's group: Na Sang, Điện Biên."""

STAFF = (
    ("hoaban", "Hoa Ban", (COUNSELLOR,), "vn", 0),
    ("hoasen", "Hoa Sen", (COUNSELLOR,), "vn", 1),
    ("hoadao", "Hoa Đào", (SHIFT_LEAD,), "vn", 2),
    ("quantri", "Quản trị", (ADMIN, AUDITOR), "vn", None),
    ("hoamai", "Hoa Mai", (CASE_WORKER,), "vn", None),
    ("duyettin", "Duyệt tin Điện Biên", (PROV_ADMIN,), "vn", None),
    ("bientap", "Biên tập", (CONTENT_REVIEWER,), "vn", None),
    ("nasang", "Cán bộ xã Na Sang", (COMMUNE_STAFF,), HOME, None),
)
"""Login, alias, roles, scope, position on the roster (None: not on it)."""

LOGINS = tuple((login, f"{login} nhip cau demo", ", ".join(roles)) for login, _, roles, _, _ in STAFF)
"""Login, passphrase and roles of everybody in the demo."""

GROUP = "Tổ truyền thông Na Sang"
DEMO = Actor("demo")
_DUTY = timedelta(days=365)

Vaults = Sequence[tuple[bytes, bytes]]


async def vaults() -> Vaults:
    """Make everybody's key pair and lock it under her passphrase: two seconds that need no database."""
    return await asyncio.gather(*(stretched(vault.create, passphrase) for _, passphrase, _ in LOGINS))


async def seed(store: Store, now: datetime, library: Library, made: Awaitable[Vaults] | None = None) -> None:
    """Seed an empty demo with `vaults` (made now when none were begun); a demo that has staff is left as it is."""
    async with store.data.begin() as conn:
        if (await conn.execute(select(staff.c.id).limit(1))).first() is not None:
            return
        await areas.sync_units(conn, library.areas)
    for n, pair in enumerate(await (made or vaults())):
        await _member(store, now, n, pair)
    await _village(store, now, library)


async def _village(store: Store, now: datetime, library: Library) -> None:
    """One communication group, and three cards approved for the demo's broadcasts: nobody has reviewed them."""
    neutral = [card for card in library.shelf("journey") if library.may_go_unasked(card)]
    async with unit_of_work(store, now, DEMO) as work:
        chief = (await work.conn.execute(select(staff.c.id).where(staff.c.login == "nasang"))).scalar_one()
        await create_group(work.acting_as(member_actor(chief)), GROUP, HOME)
        for card in neutral[:3]:
            await approve_card(work, library, card, drafts=True)


async def codes(store: Store, now: datetime, library: Library | None = None) -> list[tuple[str, str]]:
    """Fresh codes of the demo's group, by kind, and with the content one for a speaker: shown once, at every start."""
    async with unit_of_work(store, now, DEMO) as work:
        oldest = select(village_group.c.id).order_by(village_group.c.id).limit(1)
        group = (await work.conn.execute(oldest)).scalar_one()
        made = [(kind, await invite(work, group, kind)) for kind in (AUDIENCE, MEMBER, CHAT)]
        if library is not None:
            made.append((speakers.SPEAKER, await speakers.invite(work, library, "vi", "Giọng Na Sang")))
    return made


async def _member(store: Store, now: datetime, n: int, pair: tuple[bytes, bytes]) -> None:
    login, alias, roles, scope, position = STAFF[n]
    async with unit_of_work(store, now, DEMO) as work:
        member = await create_staff(work, NewMember(login, alias, roles, scope), LOGINS[n][1], pair)
        if position is not None:
            await add_duty(work, NewShift(member, now - timedelta(hours=1), now + _DUTY, position))
