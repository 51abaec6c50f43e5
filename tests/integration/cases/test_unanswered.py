"""Help from the menu with nothing after it: listed after ten minutes, taken by a human who reads her next words."""

from __future__ import annotations

import pytest

from simulator.core.phones import Channel
from store.casework.unanswered import UnansweredList, list_unanswered, take_unanswered
from store.unit_of_work import member_actor, unit_of_work
from tests.support import casework
from tests.support.system import System


async def listed(system: System) -> UnansweredList:
    """What the desk is shown now."""
    async with system.store.data.connect() as conn:
        return await list_unanswered(conn, system.runtime.clock.now())


@pytest.mark.parametrize("channel", ["telegram", "zalo_oa", "zalo_bot"])
async def test_somebody_takes_her_and_what_she_writes_next_is_read(system: System, channel: Channel) -> None:
    """Nothing appears on her phone until she writes, and the case has her words from then on."""
    await system.talk(channel, "lan", "xin chào")
    await system.talk(channel, "lan", "0")
    assert (await listed(system)).rows == ()
    await system.advance(10 * 60 + 1)
    [row] = (await listed(system)).rows
    assert (row.channel, row.asked, row.lang) == (channel, "help", "vi")
    staff_id, private_key = await system.counsellor()
    before = len(await system.inbox(channel, "lan"))
    async with unit_of_work(system.store, system.runtime.clock.now(), member_actor(staff_id)) as work:
        case = await take_unanswered(work, row.id)
    await system.advance(10 * 60)
    await system.quiet()
    assert len(await system.inbox(channel, "lan")) == before
    await system.talk(channel, "lan", "chị ơi họ giữ giấy tờ của em")
    view = await casework.read(system.store, system.runtime.clock.now(), case.id, staff_id, private_key)
    assert any("họ giữ giấy tờ của em" in repr(line) for line in view.lines)


@pytest.mark.parametrize("channel", ["telegram", "zalo_oa"])
@pytest.mark.parametrize("said", ["alo", "vợ tôi đâu", "họ giữ giấy tờ của em"])
async def test_a_case_that_staff_opened_shows_on_her_phone_by_nothing(
    system: System, channel: Channel, said: str
) -> None:
    """She was told of no case, and after ten minutes somebody else may hold the phone: both phones get the same."""
    for slug in ("lan", "mai"):
        await system.talk(channel, slug, "xin chào")
        await system.talk(channel, slug, "0")
    await system.advance(10 * 60 + 1)
    staff_id, _ = await system.counsellor()
    first = min(row.id for row in (await listed(system)).rows)
    async with unit_of_work(system.store, system.runtime.clock.now(), member_actor(staff_id)) as work:
        await take_unanswered(work, first)
    shown = []
    for slug in ("lan", "mai"):
        before = len(await system.inbox(channel, slug))
        await system.talk(channel, slug, said)
        shown.append([message["text"] for message in (await system.inbox(channel, slug))[before:]])
    assert shown[0] == shown[1] != []


@pytest.mark.parametrize("said", ["9", "dừng", "xx", "bố mẹ cho con đi học", "quên em đi"])
async def test_whatever_she_writes_on_takes_her_off_the_list(system: System, said: str) -> None:
    """She is there, or has left of her own accord."""
    await system.talk("telegram", "lan", "xin chào")
    await system.talk("telegram", "lan", "0")
    await system.do("telegram", "lan", "say", text=said)
    await system.quiet()
    await system.advance(11 * 60)
    assert (await listed(system)).rows == ()
