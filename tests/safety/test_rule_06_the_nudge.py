"""Safety rule 6, the nudge: without her one neutral line may leave, and the kept answer follows her word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from flows.engine.conversation import Conversation
from scheduler.quiet_hours import Window
from scheduler.send_gate import Decision, MessageFacts, RecipientFacts, Send, Withhold, decide
from store.casework import nudge
from store.casework.nudge import why_not
from store.casework.reachability import Reachability
from store.errors import Refused
from store.messages.models import Content, Recipient
from store.refusals import Refusal
from tests.support import casework

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
GONE = timedelta(minutes=16)


def reach(**changed: object) -> Reachability:
    """Somebody who went silent while an answer waits for her."""
    about: dict[str, object] = {"channel": "zalo_oa", "last_in_at": NOW - GONE, "waiting": True}
    return Reachability(**(about | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        (reach(), None),
        (reach(contact="here"), None),
        (reach(contact="only_when_i_write"), Refusal.NUDGE_ONLY_WHEN_SHE_WRITES),
        (reach(last_in_at=NOW - timedelta(minutes=14)), Refusal.NUDGE_THERE),
        (reach(knocked=True), Refusal.NUDGE_KNOCKED),
        (reach(waiting=False), Refusal.NUDGE_NOTHING_WAITS),
        (reach(reachable=False), Refusal.NUDGE_UNREACHABLE),
        (reach(stopped=True), Refusal.NUDGE_STOPPED),
        (reach(quiet_until=NOW + timedelta(hours=1)), Refusal.NUDGE_QUIET),
        (reach(quiet_until=NOW - timedelta(hours=1)), None),
    ],
)
def test_who_may_be_nudged(about: Reachability, refusal: Refusal | None) -> None:
    """Once in a silence, only when an answer waits, never against her choice."""
    assert why_not(about, NOW) is refusal


def nudge_facts(**changed: object) -> MessageFacts:
    """A nudge that has just been made."""
    about = {
        "recipient": Recipient.PERSON,
        "content": Content.KNOCK,
        "priority": 0,
        "not_after": NIGHT + timedelta(days=1),
        "answers_at": None,
        "opening": "Có tin cho bạn.",
    }
    return MessageFacts(**(about | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reader", "now", "decision"),
    [
        (RecipientFacts(NOW - GONE), NOW, Send()),
        (RecipientFacts(NOW - GONE, stopped=True), NOW, Withhold("stopped")),
        (RecipientFacts(NOW - GONE, quiet_until=NOW + GONE), NOW, Withhold("quiet")),
        (RecipientFacts(NOW - GONE, reachable=False), NOW, Withhold("unreachable")),
        (RecipientFacts(NOW), NOW, Withhold("there")),
    ],
)
def test_the_gate_lets_a_nudge_out(reader: RecipientFacts, now: datetime, decision: Decision) -> None:
    """The gate asks again when it leaves: she may have stopped or come back meanwhile."""
    assert decide(nudge_facts(), reader, now, lambda _: False) == decision


@pytest.mark.parametrize("hours", [(), (Window(540, 660),)], ids=["by day", "her own hours"])
def test_no_nudge_outside_her_hours(hours: tuple[Window, ...]) -> None:
    """At half past eleven at night nothing rings; within half an hour no morning comes, so it stays."""
    letter = nudge_facts(not_after=NIGHT + nudge.GOOD_FOR)
    assert decide(letter, RecipientFacts(NIGHT - GONE, hours=hours), NIGHT, lambda _: False) == Withhold("too_late")


def test_a_nudge_that_would_tell_stays() -> None:
    """Whatever its words become: a telling opening is never shown on a dark screen."""
    assert decide(nudge_facts(), RecipientFacts(NOW - GONE), NOW, lambda _: True) == Withhold("lock_screen")


async def _answered_in_silence(system, user: str, *, only_when_she_writes: bool = False) -> tuple[UUID, UUID]:
    """A case whose person is gone while an answer waits for her: the case and its counsellor."""
    await system.talk("zalo_oa", user, "cuu em voi")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor("hoaban")
    await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, hoaban)
    if only_when_she_writes:
        async with system.store.data.begin() as conn:
            await conn.exec_driver_sql("UPDATE case_file SET contact = 'only_when_i_write'")
    now = system.runtime.clock.now().replace(hour=3, minute=0) + timedelta(days=1)
    await system.advance((now - system.runtime.clock.now()).total_seconds())
    now, library = system.runtime.clock.now(), system.runtime.library
    await casework.reply(system.store, now, case.id, hoaban, "Chị hỏi được giấy tờ rồi.", uuid4(), library)
    await system.quiet()
    return case.id, hoaban


@pytest.mark.parametrize("word", ["1", "dạ 1 ạ"], ids=["the number asked for", "in polite words"])
async def test_rule_6_one_nudge_and_the_kept_answer_follows_her_word(system, word: str) -> None:
    """No content leaves in her silence; the nudge says nothing; her `1` brings the answer; no second nudge."""
    before = len(await system.inbox("zalo_oa", "lan"))
    case, hoaban = await _answered_in_silence(system, "lan")
    store, library = system.store, system.runtime.library

    async def texts() -> list[str]:
        return [message["text"] for message in (await system.inbox("zalo_oa", "lan"))[before:]]

    assert not any("giấy tờ" in text for text in await texts())
    await casework.send_nudge(store, system.runtime.clock.now(), case, hoaban, library)
    with pytest.raises(Refused, match="it was done once"):
        await casework.send_nudge(store, system.runtime.clock.now(), case, hoaban, library)
    await system.quiet()
    assert (await texts())[-1] == library.say("relay.knock").text
    assert not any("giấy tờ" in text for text in await texts())
    asked = await system.talk("zalo_oa", "lan", "nó nhắn gì")
    assert [message["text"] for message in asked] == [library.say("relay.knock").text]
    answered = await system.talk("zalo_oa", "lan", word)
    assert any("giấy tờ" in message["text"] for message in answered), [m["text"] for m in answered]
    assert await system.count("SELECT count(*) FROM audit WHERE action = 'case.knocked'") == 1


async def test_rule_6_nobody_nudges_when_she_chose_only_when_i_write(system) -> None:
    """Her choice is read where the nudge is made: nothing is written, nothing leaves."""
    case, hoaban = await _answered_in_silence(system, "lan", only_when_she_writes=True)
    with pytest.raises(Refused, match="only after she writes"):
        await casework.send_nudge(system.store, system.runtime.clock.now(), case, hoaban, system.runtime.library)
    assert await system.count(f"SELECT count(*) FROM ledger WHERE content = {Content.KNOCK:d}") == 0


def test_the_nudge_tells_nothing(content: Conversation) -> None:
    """In every language it is neutral and short."""
    library = content.library
    for lang in ("vi", "en"):
        said = library.say("relay.knock", lang).text
        assert library.is_neutral(said)
        assert len(said) <= 60
