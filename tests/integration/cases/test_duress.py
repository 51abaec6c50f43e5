"""On the phone and in the database: both of her words look the same, and one of them calls a human."""

from __future__ import annotations

from scheduler.jobs.deferred_effects import EVERY
from tests.support.system import System


async def test_a_duress_word_shows_what_her_own_word_shows_and_raises_her_case(system: System) -> None:
    """From choosing the words to the case at level 3 marked `duress`, with the same text on the screen both times."""
    for text in ("menu", "Cài đặt · Language", "Riêng tư, máy dùng chung", "Từ mật của tôi", "Chọn"):
        await system.talk("telegram", "lan", text)
    await system.talk("telegram", "lan", "rau muống")
    await system.talk("telegram", "lan", "bí đỏ")
    own = [answer["text"] for answer in await system.talk("telegram", "lan", "RAU MUONG")]
    assert len(own) == 1
    await system.advance(EVERY)
    assert await system.cases() == []
    duress = [answer["text"] for answer in await system.talk("telegram", "lan", "bi do")]
    assert duress == own
    await system.advance(EVERY)
    [case] = await system.cases()
    assert await system.count("SELECT count(*) FROM later") == 0
    assert (case.level, case.flags) == (3, ("duress",))
    await system.talk("telegram", "lan", "menu")
    marked = [answer["text"] for answer in await system.talk("telegram", "lan", "em 14 tuổi, cứu em với")]
    assert marked
    [case] = await system.cases()
    assert sorted(case.flags) == ["child", "duress"]
