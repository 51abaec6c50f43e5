"""A chat divided into topics: what leaves later, unasked, stands where she wrote last."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from bot.cli.demo_data import GROUP, codes
from flows.rendering.village_news import as_listeners_see
from tests.integration.broadcasts.test_broadcast import at_day, decide, propose, sent, waiting
from tests.integration.checkins.test_check_in import COVER, go_to, shown, start
from tests.support import casework
from tests.support.stage import until
from tests.support.system import System

TOPIC = 4242


async def say(system: System, *texts: str) -> None:
    """Let Lan write in her topic, and wait until each line was answered."""
    for text in texts:
        await system.do("telegram", "lan", "say", text=text, topic=TOPIC)
        await system.quiet()


def outside(system: System) -> list[str]:
    """What was sent to Lan without the name of her topic, by the calls of the platform and by her phone."""
    shown = system.world.phone("telegram", "lan").messages
    calls = system.world.log.select(0, kind="request", channel="telegram", user="lan")
    unnamed = [call["text"] for call in calls if "message_thread_id" not in call["parameters"]]
    return [m.text for m in shown if m.sender == "bot" and m.raw.get("message_thread_id") != TOPIC] + unnamed


async def test_the_nudge_and_the_kept_answer_stand_in_her_topic(system: System) -> None:
    """By day, after twenty minutes without her."""
    now = system.runtime.clock.now()
    await system.advance((now.replace(hour=3, minute=0) + timedelta(days=1) - now).total_seconds())
    await say(system, "cứu em với")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor()
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, hoaban)
    await system.advance(20 * 60)
    now, library = system.runtime.clock.now(), system.runtime.library
    words = {"words": "Chị hỏi được rồi.", "request_key": uuid4()}
    await casework.reply(system.store, now, case_id=case.id, staff_id=hoaban, library=library, **words)
    before = len(await system.inbox("telegram", "lan"))
    await casework.send_nudge(system.store, now, case.id, hoaban, library)
    await system.quiet()
    assert len(await system.inbox("telegram", "lan")) == before + 1
    await say(system, "1")
    assert (await shown(system, "telegram", "lan"))[-1].endswith("Chị hỏi được rồi.")
    assert outside(system) == []


async def test_a_check_in_stands_in_her_topic(system: System) -> None:
    """Its cover line, days after she agreed."""
    await say(system, "xin chào", "8", "hỏi thăm", "1", "3", "rau muống", "rau muống")
    await start(system, (2,))
    await go_to(system, 2, 19, 31)

    async def asked() -> bool:
        return COVER in await shown(system, "telegram", "lan")

    await until(asked, 10)
    assert outside(system) == []


async def test_a_broadcast_stands_in_her_topic(system: System) -> None:
    """A card for everybody who listens."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    await say(system, made["audience"], "1")
    await propose(system, "zalo_oa", "to", made["member"])
    one = await waiting(system)
    await decide(system, "duyettin", one)
    assert (await sent(system, one)).sent == 1
    news = as_listeners_see(system.runtime.library, one.card, GROUP, "vi")
    assert news.text in await shown(system, "telegram", "lan")
    assert outside(system) == []
