"""On the phone and in the database: both of her words look the same, and one of them calls a human.

The words are agreed aloud and typed at the desk; the chat hears of neither before she types one.
"""

from __future__ import annotations

from uuid import UUID

import pytest

from scheduler.jobs.deferred_effects import EVERY
from store.own_words import service as own_words
from store.own_words.service import AgreedWords
from store.unit_of_work import member_actor, unit_of_work
from tests.support import casework
from tests.support.system import System

CHANNELS = pytest.mark.parametrize("channel", ["zalo_oa", "telegram", "zalo_bot"])
OWN, DURESS = "đèn dầu", "bí đỏ"


async def agreed(system: System, channel: str) -> UUID:
    """A case of `lan` in which Hoa Ban has typed both words; returns the case."""
    await system.talk(channel, "lan", "cuu em voi")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor()
    now = system.runtime.clock.now()
    assert await casework.acknowledge(system.store, now, case.id, hoaban)
    before = await system.inbox(channel, "lan")
    await casework.agree_words(system.store, now, system.runtime.library, case.id, hoaban, OWN, DURESS)
    await system.quiet()
    assert await system.inbox(channel, "lan") == before
    return case.id


async def shown(system: System, channel: str, text: str) -> list[str]:
    """What her phone shows after she typed something."""
    return [answer["text"] for answer in await system.talk(channel, "lan", text)]


@CHANNELS
async def test_words_of_the_desk_have_their_effect_in_the_chat(system: System, channel: str) -> None:
    """The first opens; the second shows the same bytes and raises the case to level 3 with its mark, seconds later."""
    await agreed(system, channel)
    [case] = await system.cases()
    await system.advance(11 * 60)
    assert case.number not in "\n".join(await shown(system, channel, "nhà em mới cấy xong"))
    own = await shown(system, channel, "Den dau a")
    await system.advance(EVERY)
    [case] = await system.cases()
    assert "duress" not in case.flags
    await system.advance(11 * 60)
    duress = await shown(system, channel, "bi do")
    assert (len(own), duress) == (1, own)
    await system.advance(EVERY)
    [case] = await system.cases()
    assert (case.level >= 3, "duress" in case.flags) == (True, True)
    assert await system.count("SELECT count(*) FROM later") == 0


@CHANNELS
async def test_the_second_word_opens_a_case_where_the_first_was_closed(system: System, channel: str) -> None:
    """Months later: what the desk kept still calls a human, at level 3, and a child's words add their own mark."""
    case_id = await agreed(system, channel)
    hoaban, _ = await system.counsellor()
    await casework.close(system.store, system.runtime.clock.now(), system.runtime.library, case_id, hoaban, "answered")
    await system.advance(40 * 24 * 3600)
    own = await shown(system, channel, "đèn dầu")
    await system.advance(EVERY)
    assert await system.cases() == []
    await system.advance(11 * 60)
    assert await shown(system, channel, "BÍ ĐỎ") == own
    await system.advance(EVERY)
    [case] = await system.cases()
    assert (case.level, case.flags) == (3, ("duress",))
    await system.talk(channel, "lan", "menu")
    assert await shown(system, channel, "em 14 tuổi, cứu em với")
    [case] = await system.cases()
    assert sorted(case.flags) == ["child", "duress"]


async def test_words_typed_while_she_writes_lose_nothing_of_either(system: System) -> None:
    """Her message of that moment waits for the desk, is answered, and leaves the words as they were kept."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    [case] = await system.cases()
    (hoaban, _), now = await system.counsellor(), system.runtime.clock.now()
    assert await casework.acknowledge(system.store, now, case.id, hoaban)
    before = len(await system.inbox("zalo_oa", "lan"))
    async with unit_of_work(system.store, now, member_actor(hoaban)) as work:
        await own_words.keep_agreed(work, case.id, AgreedWords(OWN, DURESS), system.runtime.library)
        await system.do("zalo_oa", "lan", "say", text="menu")
    await system.quiet()
    assert len(await system.inbox("zalo_oa", "lan")) > before
    assert "Bạn muốn xem tiếp không?" in (await shown(system, "zalo_oa", OWN))[0]


async def test_what_she_chooses_in_the_chat_leaves_the_second_word_as_it_was(system: System) -> None:
    """A new first word by a digit; the one of the desk that calls a human calls a human still."""
    await agreed(system, "zalo_oa")
    for text in ("menu", "Cài đặt · Language", "Riêng tư, máy dùng chung", "Từ mật của tôi"):
        await system.talk("zalo_oa", "lan", text)
    [listed] = await shown(system, "zalo_oa", "1")
    chosen = next(line.removeprefix("4. ") for line in listed.splitlines() if line.startswith("4. "))
    await system.talk("zalo_oa", "lan", "4")
    await system.advance(11 * 60)
    back = await shown(system, "zalo_oa", chosen)
    assert "Bạn muốn xem tiếp không?" in back[0]
    await system.advance(11 * 60)
    assert await shown(system, "zalo_oa", DURESS) == back
    await system.advance(EVERY)
    [case] = await system.cases()
    assert "duress" in case.flags
