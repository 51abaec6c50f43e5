"""How staff are reached: a code binds one phone once, an address opens in its own place only, leaving ends all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from store.crypto.invite_codes import code_tag
from store.db.engine import Store, raw
from store.errors import Refused, Sealed
from store.messages.hot_path.inbound import load_people
from store.people import models as people
from store.privacy import forgetting
from store.staff import contacts
from store.staff import models as staff
from store.staff.contacts import staff_contact
from store.unit_of_work import BOT, member_actor, unit_of_work
from tests.support import staff as staff_support

NOW = datetime(2026, 11, 25, 2, 5, tzinfo=UTC)


async def hire(store: Store, login: str) -> UUID:
    """A counsellor."""
    return await staff_support.hire(store, NOW, login, staff.COUNSELLOR)


async def phone(store: Store) -> UUID:
    """Somebody who writes to us."""
    index = uuid4().bytes
    async with raw(store.data) as conn, raw(store.keyring) as ring:
        account = await people.register_account(conn, "telegram", "telegram")
        await people.add(conn, ring, store.ring, [(account, index, index.hex())], NOW)
        found: UUID = (await load_people(conn, [index]))[index].id
    return found


async def code_for(store: Store, who: UUID, now: datetime = NOW) -> str:
    """A fresh code."""
    async with unit_of_work(store, now, member_actor(who)) as work:
        return await contacts.invite(work)


async def bind(store: Store, person: UUID, code: str, now: datetime = NOW) -> bool:
    """Use a code on a phone."""
    async with unit_of_work(store, now, BOT) as work:
        return await contacts.bind(work, person, code)


async def ways(store: Store) -> list[tuple[UUID, str, UUID | None]]:
    """Every way there is."""
    async with store.data.connect() as conn:
        rows = await conn.execute(select(staff_contact.c.staff_id, staff_contact.c.way, staff_contact.c.person_id))
        return [tuple(row) for row in rows]


async def test_a_code_binds_one_phone_once_and_not_for_long(store: Store) -> None:
    """Used or half an hour old it binds nothing; a new code moves the calls to the newer phone."""
    who = await hire(store, "hoaban")
    old, new = await phone(store), await phone(store)
    code = await code_for(store, who)
    async with store.data.connect() as conn:
        tag = code_tag(store.keys.index, code)
        assert await contacts.find(conn, NOW, [tag]) == {tag}
        assert await contacts.find(conn, NOW + contacts.CODE_LIVES, [tag]) == set()
    assert not await bind(store, old, code, NOW + contacts.CODE_LIVES)
    assert await bind(store, old, code)
    assert not await bind(store, new, code)
    assert await ways(store) == [(who, "chat", old)]
    assert await bind(store, new, await code_for(store, who, NOW + timedelta(days=1)), NOW + timedelta(days=1))
    assert await ways(store) == [(who, "chat", new)]


async def test_a_phone_pages_one_member_only(store: Store) -> None:
    """Whoever bound it last is called there: a phone handed on does not call its old owner's duty."""
    first, second, one = await hire(store, "hoaban"), await hire(store, "hoasen"), await phone(store)
    assert await bind(store, one, await code_for(store, first))
    assert await bind(store, one, await code_for(store, second))
    assert await ways(store) == [(second, "chat", one)]


async def test_an_address_opens_in_its_own_place_only(store: Store) -> None:
    """Moved to another member or another way it does not open; what is no address is refused."""
    who, other = await hire(store, "hoaban"), await hire(store, "hoasen")
    async with unit_of_work(store, NOW, member_actor(who)) as work:
        await contacts.give(work, "hook", " +84000000001 ")
        sealed = (await work.conn.execute(select(staff_contact.c.address_ct))).scalar_one()
        for wrong in ("", "a b c", "x" * 99):
            with pytest.raises(Refused, match="give an e-mail address"):
                await contacts.give(work, "hook", wrong)
    assert contacts.open_address(store.keys, who, "hook", sealed) == "+84000000001"
    for staff_id, way in ((other, "hook"), (who, "mail")):
        with pytest.raises(Sealed):
            contacts.open_address(store.keys, staff_id, way, sealed)


async def test_whoever_leaves_or_is_forgotten_is_paged_no_more(store: Store) -> None:
    """Shutting a member out takes every way to her; forgetting a phone takes that one."""
    who, other, hers = await hire(store, "hoaban"), await hire(store, "hoasen"), await phone(store)
    assert await bind(store, await phone(store), await code_for(store, who))
    assert await bind(store, hers, await code_for(store, other))
    async with unit_of_work(store, NOW, member_actor(who)) as work:
        await contacts.give(work, "mail", "hoaban@example.org")
    assert await staff_support.shut_out(store, NOW, "hoaban")
    assert await ways(store) == [(other, "chat", hers)]
    await forgetting.forget(store, NOW, staff_support.TEST, hers)
    assert await ways(store) == []
