"""On the phone and in the database: both of her words look the same, and one of them calls a human."""

from __future__ import annotations

from scheduler.jobs.deferred_effects import EVERY
from tests.support.bridge import Bridge


async def test_a_duress_word_shows_what_her_own_word_shows_and_raises_her_case(bridge: Bridge) -> None:
    """From choosing the words to the case at level 3 marked `duress`, with the same text on the screen both times."""
    for text in ("menu", "Cài đặt · Language", "Riêng tư, máy dùng chung", "Chữ riêng của mình", "Chọn"):
        await bridge.talk("telegram", "lan", text)
    await bridge.talk("telegram", "lan", "rau muống")
    await bridge.talk("telegram", "lan", "bí đỏ")
    own = [answer["text"] for answer in await bridge.talk("telegram", "lan", "RAU MUONG")]
    assert len(own) == 1
    await bridge.advance(EVERY)
    assert await bridge.cases() == []
    duress = [answer["text"] for answer in await bridge.talk("telegram", "lan", "bi do")]
    assert duress == own
    await bridge.advance(EVERY)
    [case] = await bridge.cases()
    assert await bridge.count("SELECT count(*) FROM later") == 0
    assert (case.level, case.flags) == (3, ("duress",))
    await bridge.talk("telegram", "lan", "menu")
    marked = [answer["text"] for answer in await bridge.talk("telegram", "lan", "em 14 tuổi, cứu em với")]
    assert marked
    [case] = await bridge.cases()
    assert sorted(case.flags) == ["child", "duress"]
