"""A chat divided into topics: whatever answers her stands where she wrote."""

from __future__ import annotations

from uuid import uuid4

from tests.support import casework
from tests.support.stage import until
from tests.support.system import System

TOPIC = 4242
ANSWER = "Em có an toàn không?"


async def say(system: System, text: str, topic: int = TOPIC) -> None:
    """Let Lan write in a topic, and wait until she was answered."""
    await system.do("telegram", "lan", "say", text=text, topic=topic)
    await system.quiet()


def standing(system: System) -> list[int]:
    """In which topic each message of ours stands; 0 for none."""
    shown = system.world.phone("telegram", "lan").messages
    return [message.raw.get("message_thread_id", 0) for message in shown if message.sender == "bot"]


async def reply(system: System) -> None:
    """Let the counsellor take her case and answer."""
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    now, library = system.runtime.clock.now(), system.runtime.library
    assert await casework.acknowledge(system.store, now, case.id, staff_id)
    await casework.reply(
        system.store, now, case_id=case.id, staff_id=staff_id, words=ANSWER, request_key=uuid4(), library=library
    )
    system.application.sender.wake()
    await system.quiet()


async def test_the_bot_answers_in_the_topic_she_wrote_in(system) -> None:
    """Every bubble of a cry's answer, and the answer to a pressed button, stand in her topic."""
    await say(system, "cứu em với")
    answered = len(standing(system))
    await system.do("telegram", "lan", "press", choice=1)
    await system.quiet()
    assert len(standing(system)) > answered > 1
    assert set(standing(system)) == {TOPIC}


async def test_a_counsellor_answers_in_the_topic_she_wrote_in(system) -> None:
    """A line that staff send later stands there too, and she is one person in all her topics."""
    await say(system, "cứu em với", 7)
    await say(system, "em ở nhà")
    await reply(system)
    assert (system.world.phone("telegram", "lan").messages[-1].text, standing(system)[-1]) == (ANSWER, TOPIC)
    assert await system.count("SELECT count(*) FROM person") == 1


async def test_she_leaves_her_topics(system) -> None:
    """What she writes beside them is answered beside them."""
    await say(system, "xin chào")
    await say(system, "menu", 0)
    assert (standing(system)[0], standing(system)[-1]) == (TOPIC, 0)


async def test_an_answer_outlives_its_topic(system) -> None:
    """When the topic was deleted meanwhile, she gets the answer in the chat itself."""
    await say(system, "cứu em với")
    system.world.phone("telegram", "lan").topics.clear()
    await reply(system)
    assert (system.world.phone("telegram", "lan").messages[-1].text, standing(system)[-1]) == (ANSWER, 0)


async def test_what_nobody_can_read_is_answered_where_she_wrote_last(system) -> None:
    """Of a damaged message no topic is known: the numbers stand where she is looking, not beside all topics."""
    await say(system, "xin chào")
    bot, phone = system.world.telegram, system.world.phone("telegram", "lan")
    before = len(standing(system))
    damaged = {"message_id": 99, "from": bot.person(phone), "chat": bot.chat(phone), "date": 1, "voice": "?"}
    bot.updates.put(phone.address, "lan", "message", damaged)
    await until(lambda: len(standing(system)) > before, 10)
    await system.quiet()
    assert set(standing(system)) == {TOPIC}
