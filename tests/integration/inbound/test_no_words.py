"""Pins, timers, calls, reactions, passed-on cards, edits: from end to end none is a word of hers (rule 19)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from simulator.core.ids import zalo_user_by_app
from simulator.core.phones import Channel
from store.casework import task_list
from tests.support import casework
from tests.support.stage import until
from tests.support.system import System

NUMBERS = "+84 981 84 84 84"
KEPT = "SELECT count(*) FROM ledger WHERE status = 4 AND reason = 'kept' AND not_before > now() + interval '1 day'"
PIN = {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
TIMER = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}
BACKGROUND = {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "x"}}}
FIRST = 7001
"""The id of the message she may change."""


async def telegram(system: System, kind: str = "message", **content: Any) -> None:
    """Let Telegram report something of the talk with Lan."""
    bot, phone = system.world.telegram, system.world.phone("telegram", "lan")
    head = {"message_id": system.world.ids.number(), "from": bot.person(phone), "chat": bot.chat(phone)}
    body = head | {"date": int(system.world.now().timestamp())} | content
    bot.updates.put(phone.address, "lan", kind, body)
    await handled(system)


async def zalo(system: System, name: str, *, by_user: bool = False, **content: Any) -> None:
    """Let Zalo report something of Lan."""
    oa, her = system.world.zalo, system.world.phone("zalo_oa", "lan").address
    sender = {"sender": {"id": her}, "recipient": {"id": oa.oa_id}}
    ids = {"oa_id": oa.oa_id, "user_id": her} if by_user else sender
    oa.webhook.emit(name, {**ids, "user_id_by_app": zalo_user_by_app("lan"), **content}, "lan")
    await handled(system)


async def handled(system: System) -> None:
    """Wait until one more event has come in and everything is done."""
    known = system.application.intake.endpoints
    before = sum(endpoint.acked for endpoint in known.values())
    await until(lambda: sum(endpoint.acked for endpoint in known.values()) > before, 5)
    await system.quiet()


async def a_kept_answer(system: System, channel: Channel) -> UUID:
    """A counsellor's answer that waits for Lan, who has been silent for twenty minutes."""
    await system.talk(channel, "lan", "cứu em với")
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, staff_id)
    await answer(system, case.id, "Chị đây")
    await system.advance(20 * 60)
    await answer(system, case.id, "Xe đón ở cổng chợ")
    await until(lambda: system.count(KEPT), 5)
    return case.id


async def answer(system: System, case_id: UUID, words: str) -> None:
    """Let the counsellor answer."""
    staff_id, _ = await system.counsellor()
    now, library = system.runtime.clock.now(), system.runtime.library
    await casework.reply(
        system.store, now, case_id=case_id, staff_id=staff_id, words=words, request_key=uuid4(), library=library
    )
    await system.quiet()


async def state(system: System) -> tuple[Any, ...]:
    """What no report may move: when she wrote, her requests, the level, whether the case waits, what is kept."""
    async with system.store.data.connect() as conn:
        query = (
            "SELECT s.last_in_at, s.stopped, s.quiet_until, c.level, c.waiting_since, "
            f"({KEPT}) FROM session s LEFT JOIN case_file c ON c.person_id = s.person_id"
        )
        return tuple((await conn.exec_driver_sql(query)).one())


@pytest.mark.parametrize("content", [PIN, TIMER, BACKGROUND], ids=["pin", "timer", "background"])
async def test_a_service_message_of_telegram_moves_nothing(system: System, content: dict[str, Any]) -> None:
    """Neither beside a kept answer, nor at the menu, nor on a phone that was just hidden."""
    await a_kept_answer(system, "telegram")
    before, shown = await state(system), len(await system.inbox("telegram", "lan"))
    await telegram(system, **content)
    assert await state(system) == before
    assert before[-1] == 1
    assert len(await system.inbox("telegram", "lan")) == shown
    await system.talk("telegram", "lan", "xx")
    before, shown = await state(system), len(await system.inbox("telegram", "lan"))
    await telegram(system, **content)
    assert await state(system) == before
    assert before[2] is not None
    assert len(await system.inbox("telegram", "lan")) == shown


async def test_a_reaction_a_passed_on_card_and_an_edit_release_nothing(system: System) -> None:
    """Each stands in the console as a line; the answer stays kept until she says "1" to the line that knocks."""
    await a_kept_answer(system, "telegram")
    before, lines = await state(system), await system.count("SELECT count(*) FROM case_line WHERE direction <> 'bot'")
    ours = {"type": "user", "date": 0, "sender_user": system.world.telegram.me()}
    await telegram(system, text="Gọi 113 khi nguy hiểm. Cứu tôi!", forward_origin=ours)
    edited = {"message_id": FIRST, "edit_date": int(system.world.now().timestamp())}
    await telegram(system, "edited_message", text="chị ơi", **edited)
    await telegram(system, "edited_message", location={"latitude": 21.0, "longitude": 105.0}, **edited)
    assert await state(system) == before
    assert await system.count("SELECT count(*) FROM case_line WHERE direction <> 'bot'") == lines + 1
    await system.talk("telegram", "lan", "em đây")
    assert not any("cổng chợ" in message["text"] for message in await system.inbox("telegram", "lan"))
    await system.talk("telegram", "lan", "1")
    assert any("cổng chợ" in message["text"] for message in await system.inbox("telegram", "lan"))


@pytest.mark.parametrize(
    ("name", "content", "lines", "shown"),
    [
        ("user_call_oa", {"talk_time": 0, "call_type": "AUDIO"}, 1, 1),
        ("user_call_oa", {"talk_time": 296000, "call_type": "AUDIO"}, 1, 0),
        ("user_reacted_message", {"message": {"msg_id": "m1", "react_icon": "/-heart"}}, 1, 0),
        ("user_seen_message", {"message": {"msg_ids": ["m1"]}}, 0, 0),
        ("user_click_chatnow", {}, 0, 0),
        ("user_future_thing", {"message": {"text": "cứu em với"}}, 0, 0),
        ("user_asking_product", {}, 0, 0),
    ],
)
async def test_what_zalo_reports_releases_nothing(
    system: System, name: str, content: dict[str, Any], lines: int, shown: int
) -> None:
    """A missed call is answered by one harmless line; calls and reactions stand in the console."""
    await a_kept_answer(system, "zalo_oa")
    before, told = await state(system), await system.count("SELECT count(*) FROM case_line WHERE direction <> 'bot'")
    seen = len(await system.inbox("zalo_oa", "lan"))
    await zalo(system, name, by_user="message" not in content, **content)
    assert await state(system) == before
    assert await system.count("SELECT count(*) FROM case_line WHERE direction <> 'bot'") == told + lines
    fresh = [message["text"] for message in await system.inbox("zalo_oa", "lan")][seen:]
    assert len(fresh) == shown
    assert not any("cổng chợ" in text for text in fresh)


async def test_a_call_of_somebody_without_a_case_is_answered_and_stands_in_the_console(system: System) -> None:
    """One line on the phone, one task; no case, no page, and a newcomer is still a newcomer."""
    await zalo(system, "user_call_oa", by_user=True, talk_time=0)
    [told] = await system.inbox("zalo_oa", "lan")
    assert told["text"] == system.runtime.library.say("call_missed").text
    assert await system.count("SELECT count(*) FROM task WHERE kind = 'call' AND reason = 'call.missed'") == 1
    assert await system.cases() == []
    shown = await system.talk("zalo_oa", "lan", "xin chào")
    assert shown[0]["text"] == system.runtime.library.say("welcome").text


async def test_a_call_after_leaving_in_a_hurry_shows_nothing(system: System) -> None:
    """The phone stays as she left it; the console hears of it."""
    await system.talk("zalo_oa", "lan", "xin chào")
    await system.talk("zalo_oa", "lan", "xx")
    shown = len(await system.inbox("zalo_oa", "lan"))
    await zalo(system, "user_call_oa", by_user=True, talk_time=0)
    assert len(await system.inbox("zalo_oa", "lan")) == shown
    assert await system.count("SELECT count(*) FROM task WHERE kind = 'call'") == 1


async def test_who_takes_her_permission_back_is_sent_nothing_and_forgotten(system: System) -> None:
    """Told twice; a kept answer or a question does not leave, and within the day there is nothing of her."""
    await system.talk("zalo_oa", "lan", "xin chào")
    shown = len(await system.inbox("zalo_oa", "lan"))
    for _ in range(2):
        await zalo(system, "user_withdraw", by_user=True)
    assert await system.count("SELECT count(*) FROM person WHERE NOT reachable") == 1
    assert await system.count("SELECT count(*) FROM task") == 0
    await system.advance(3700)
    await system.application.ticks.now("forget_requests")
    assert await system.count("SELECT count(*) FROM person") == 0
    assert await system.count("SELECT count(*) FROM forget_wish") == 0
    assert len(await system.inbox("zalo_oa", "lan")) == shown
    assert (await system.talk("zalo_oa", "lan", "xin chào"))[0]["text"] == system.runtime.library.say("welcome").text


async def test_who_takes_her_permission_back_with_a_case_waits_for_a_human(system: System) -> None:
    """The counsellor's answer does not leave; a task says until when; what she writes next releases it."""
    await a_kept_answer(system, "zalo_oa")
    shown = len(await system.inbox("zalo_oa", "lan"))
    told = system.runtime.clock.now()
    await zalo(system, "user_withdraw", by_user=True)
    [case] = await system.cases()
    await answer(system, case.id, "Chị đây")
    assert len(await system.inbox("zalo_oa", "lan")) == shown
    async with system.store.data.connect() as conn:
        [task] = [one for one in await task_list.open_tasks(conn) if one.kind == "withdrawal"]
    assert task.alias == case.alias
    assert task.due_at is not None
    assert timedelta() <= task.due_at - told - timedelta(hours=24) < timedelta(minutes=1)
    assert await system.talk("zalo_oa", "lan", "chị ơi")


async def test_a_late_report_that_she_took_it_back_mutes_nobody(system: System) -> None:
    """She has written since: she is answered, and what she took back is done when she is silent."""
    await system.talk("zalo_oa", "lan", "xin chào")
    now, system.world.clock.now = system.world.clock.now, lambda: earlier
    earlier = now() - timedelta(minutes=30)
    await zalo(system, "user_withdraw", by_user=True)
    system.world.clock.now = now
    assert await system.count("SELECT count(*) FROM person WHERE NOT reachable") == 0
    assert await system.talk("zalo_oa", "lan", "menu")
    await system.advance(3700)
    await system.application.ticks.now("forget_requests")
    assert await system.count("SELECT count(*) FROM person") == 0


@pytest.mark.parametrize("where", ["zalo event", "zalo call by number", "telegram field", "telegram kind", "zalo bot"])
async def test_what_nobody_knows_is_kept_and_shown_to_staff_and_not_answered(system: System, where: str) -> None:
    """One task however often it comes; its bytes lie sealed, and forgetting her reaches them."""
    await system.talk("telegram", "lan", "xin chào")
    seen = len(await system.inbox("telegram", "lan"))
    bot = system.world.zalo_bot
    for n in range(2):
        if where == "zalo event":
            await zalo(system, "user_future_thing", message={"msg_id": f"m{n}", "text": "cứu em với"})
        elif where == "zalo call by number":
            call = {"oa_id": system.world.zalo.oa_id, "phone": "84900000009", "talk_time": 0, "call_id": f"c{n}"}
            system.world.zalo.webhook.emit("user_call_oa", call, "lan")
            await handled(system)
        elif where == "telegram field":
            await telegram(system, telepathy={"strength": 3})
        elif where == "telegram kind":
            bot_of_hers, phone = system.world.telegram, system.world.phone("telegram", "lan")
            bot_of_hers.updates.allowed = [*bot_of_hers.updates.allowed, "telepathy"]
            bot_of_hers.updates.put(phone.address, "lan", "telepathy", {"chat": bot_of_hers.chat(phone)})
            await handled(system)
        else:
            chat = {"id": system.world.phone("zalo_bot", "lan").address, "chat_type": "PRIVATE"}
            message = {"from": {"id": chat["id"]}, "chat": chat, "message_id": f"m{n}"}
            bot.updates.put("lan", {"event_name": "message.reaction.received", "message": message})
            await handled(system)
    kind = "call" if "call" in where else "event"
    assert await system.count("SELECT count(*) FROM inbox WHERE state = 2 AND sealed IS NOT NULL") == 2
    assert await system.count(f"SELECT count(*) FROM task WHERE kind = '{kind}'") == 1
    assert len(await system.inbox("telegram", "lan")) == seen
    assert await system.cases() == []
    if "number" not in where:
        assert await system.count("SELECT count(*) FROM inbox WHERE state = 2 AND bidx IS NOT NULL") == 2


@pytest.mark.parametrize("minutes", [0, 5, 40])
async def test_an_edit_into_a_cry_gets_the_numbers_and_a_case(system: System, minutes: int) -> None:
    """However long after her last word: the numbers on her phone, a case, and still she wrote when she wrote."""
    await telegram(system, message_id=FIRST, text="xin chào")
    before = (await state(system))[0]
    await system.advance(60 * minutes)
    edited = {"message_id": FIRST, "edit_date": int(system.world.now().timestamp())}
    await telegram(system, "edited_message", text="cứu em với, em bị nhốt", **edited)
    assert any(NUMBERS in message["text"] for message in await system.inbox("telegram", "lan"))
    assert len(await system.cases()) == 1
    assert (await state(system))[0] == before
    lines = await system.count("SELECT count(*) FROM ledger")
    await telegram(system, "edited_message", text="cứu em với, em bị nhốt", **edited)
    assert await system.count("SELECT count(*) FROM ledger") == lines, "the same words again are no edit"


async def test_an_edit_of_a_toneless_word_into_stop_stops(system: System) -> None:
    """The natural repair of a missing tone mark."""
    await system.talk("telegram", "lan", "xin chào")
    await telegram(system, message_id=FIRST, text="dung")
    edited = {"message_id": FIRST, "edit_date": int(system.world.now().timestamp())}
    await telegram(system, "edited_message", text="dừng", **edited)
    assert (await system.inbox("telegram", "lan"))[-1]["text"] == system.runtime.library.say("stopped").text
    assert (await state(system))[1] is True


async def test_a_card_of_ours_passed_on_opens_no_case(system: System) -> None:
    """On a channel that does not tell who wrote first, the words do."""
    await system.talk("zalo_oa", "lan", "xin chào")
    seen = len(await system.inbox("zalo_oa", "lan"))
    card = system.runtime.library.emergency("abroad").text
    await zalo(system, "user_send_text", message={"msg_id": "m1", "text": card})
    assert await system.cases() == []
    assert len(await system.inbox("zalo_oa", "lan")) == seen
