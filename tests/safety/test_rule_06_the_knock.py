"""Safety rule 6, the knock: without her one neutral line may leave, and the kept answer follows her word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from flows.engine.conversation import Conversation
from scheduler.quiet_hours import Window
from scheduler.send_gate import Decision, Letter, Reader, Send, Withhold, decide
from store.casework import nudge, queue
from store.casework.nudge import why_not
from store.casework.reachability import Reach
from store.errors import Refused
from store.messages.models import Content, Recipient

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
GONE = timedelta(minutes=16)


def reach(**changed: object) -> Reach:
    """Somebody who went silent while an answer waits for her."""
    about: dict[str, object] = {"channel": "zalo_oa", "last_in_at": NOW - GONE, "waiting": True}
    return Reach(**(about | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (reach(), ""),
        (reach(contact="here"), ""),
        (reach(contact="only_when_i_write"), "only_when_i_write"),
        (reach(last_in_at=NOW - timedelta(minutes=14)), "there"),
        (reach(knocked=True), "knocked"),
        (reach(waiting=False), "nothing_waits"),
        (reach(reachable=False), "unreachable"),
        (reach(stopped=True), "stopped"),
        (reach(quiet_until=NOW + timedelta(hours=1)), "quiet"),
        (reach(quiet_until=NOW - timedelta(hours=1)), ""),
    ],
)
def test_who_may_be_knocked_for(about: Reach, code: str) -> None:
    """Once in a silence, only when an answer waits, never against a wish of hers."""
    assert why_not(about, NOW) == code


def knock(**changed: object) -> Letter:
    """A knock that has just been made."""
    about = {
        "recipient": Recipient.PERSON,
        "content": Content.KNOCK,
        "priority": 0,
        "not_after": NIGHT + timedelta(days=1),
        "answers_at": None,
        "opening": "Có tin cho bạn.",
    }
    return Letter(**(about | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reader", "now", "decision"),
    [
        (Reader(NOW - GONE), NOW, Send()),
        (Reader(NOW - GONE, stopped=True), NOW, Withhold("stopped")),
        (Reader(NOW - GONE, quiet_until=NOW + GONE), NOW, Withhold("quiet")),
        (Reader(NOW - GONE, reachable=False), NOW, Withhold("unreachable")),
        (Reader(NOW), NOW, Withhold("there")),
    ],
)
def test_the_law_lets_a_knock_out(reader: Reader, now: datetime, decision: Decision) -> None:
    """The gate asks again when it leaves: she may have stopped or come back meanwhile."""
    assert decide(knock(), reader, now, lambda _: False) == decision


@pytest.mark.parametrize("hours", [(), (Window(540, 660),)], ids=["by day", "her own hours"])
def test_no_knock_outside_her_hours(hours: tuple[Window, ...]) -> None:
    """At half past eleven at night nothing rings; within half an hour no morning comes, so it stays."""
    letter = knock(not_after=NIGHT + nudge.GOOD_FOR)
    assert decide(letter, Reader(NIGHT - GONE, hours=hours), NIGHT, lambda _: False) == Withhold("too_late")


def test_a_knock_that_would_tell_stays() -> None:
    """Whatever its words become: a telling opening is never shown on a dark screen."""
    assert decide(knock(), Reader(NOW - GONE), NOW, lambda _: True) == Withhold("lock_screen")


async def _answered_in_silence(bridge, user: str, *, only_when_she_writes: bool = False) -> tuple[UUID, UUID]:
    """A case whose person is gone while an answer waits for her: the case and its counsellor."""
    await bridge.talk("zalo_oa", user, "cuu em voi")
    [case] = await bridge.cases()
    hoaban, _ = await bridge.counsellor("hoaban")
    await queue.acknowledge(bridge.store, bridge.house.clock.now(), case.id, hoaban)
    if only_when_she_writes:
        async with bridge.store.data.begin() as conn:
            await conn.exec_driver_sql("UPDATE case_file SET contact = 'only_when_i_write'")
    now = bridge.house.clock.now().replace(hour=3, minute=0) + timedelta(days=1)
    await bridge.advance((now - bridge.house.clock.now()).total_seconds())
    now, library = bridge.house.clock.now(), bridge.house.library
    await queue.reply(bridge.store, now, case.id, hoaban, "Chị hỏi được giấy tờ rồi.", uuid4(), library)
    await bridge.quiet()
    return case.id, hoaban


@pytest.mark.parametrize("word", ["1", "menu"], ids=["the number asked for", "a word for the bot"])
async def test_rule_6_one_knock_and_the_kept_answer_follows_her_word(bridge, word: str) -> None:
    """No content leaves in her silence; the knock says nothing; her `1` brings the answer; no second knock."""
    before = len(await bridge.inbox("zalo_oa", "lan"))
    case, hoaban = await _answered_in_silence(bridge, "lan")
    store, library = bridge.store, bridge.house.library

    async def texts() -> list[str]:
        return [message["text"] for message in (await bridge.inbox("zalo_oa", "lan"))[before:]]

    assert not any("giấy tờ" in text for text in await texts())
    await nudge.knock(store, bridge.house.clock.now(), case, hoaban, library)
    with pytest.raises(Refused, match="knocked"):
        await nudge.knock(store, bridge.house.clock.now(), case, hoaban, library)
    await bridge.quiet()
    assert (await texts())[-1] == library.say("relay.knock").text
    assert not any("giấy tờ" in text for text in await texts())
    answered = await bridge.talk("zalo_oa", "lan", word)
    assert any("giấy tờ" in message["text"] for message in answered), [m["text"] for m in answered]
    assert await bridge.count("SELECT count(*) FROM audit WHERE action = 'case.knocked'") == 1


async def test_rule_6_nobody_knocks_when_she_chose_only_when_i_write(bridge) -> None:
    """Her choice is read where the knock is made: nothing is written, nothing leaves."""
    case, hoaban = await _answered_in_silence(bridge, "lan", only_when_she_writes=True)
    with pytest.raises(Refused, match="only_when_i_write"):
        await nudge.knock(bridge.store, bridge.house.clock.now(), case, hoaban, bridge.house.library)
    assert await bridge.count(f"SELECT count(*) FROM ledger WHERE content = {Content.KNOCK:d}") == 0


def test_the_knock_tells_nothing(content: Conversation) -> None:
    """In every language it is neutral and short."""
    library = content.library
    for lang in ("vi", "en"):
        said = library.say("relay.knock", lang).text
        assert library.is_neutral(said)
        assert len(said) <= 60
