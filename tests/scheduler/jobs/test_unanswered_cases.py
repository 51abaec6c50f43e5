"""At minutes 5 and 9: who is told that nobody has come, who is not, and whose next word is answered with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from content.escalation.loader import escalation_policy
from flows.engine.conversation import Conversation
from flows.model.effects import NoteOnCase
from flows.model.facts import CaseSeen
from flows.model.session import Session, Words
from scheduler.jobs.unanswered_cases import CaseSituation, why_not
from scheduler.send_gate import MessageFacts, RecipientFacts, Send, Withhold, decide
from store.messages.models import Content, Recipient
from tests.flows.standings import NOW as TUESDAY
from tests.flows.standings import said, standing, type_
from tests.support import casework
from tests.support import content as shared_content
from tests.support.stage import until

NOW = datetime(2026, 11, 25, 19, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WAITS = CaseSituation(False, None, (), "", True, False, None, NOW - 5 * MINUTE, None)
OWN = Words(own=b"x" * 16)


@pytest.fixture(scope="module")
def content() -> Conversation:
    """The conversation exactly as `run` loads it."""
    return shared_content.conversation()


@pytest.mark.parametrize(
    ("changed", "hers", "code"),
    [
        ({}, {}, ""),
        ({"flags": ("abroad", "child", "voice")}, {"state": "GetHelp:queued"}, ""),
        ({"contact": "here"}, {}, ""),
        ({"taken": True}, {}, "taken"),
        ({"told_at": NOW - 5 * MINUTE}, {}, "told"),
        ({"told_at": NOW - 4 * MINUTE, "last_in_at": NOW - MINUTE}, {}, ""),
        ({"told_at": NOW - 4 * MINUTE, "last_in_at": NOW - 4 * MINUTE}, {}, "told"),
        ({"told_at": NOW, "last_in_at": NOW}, {}, "told"),
        ({"reachable": False}, {}, "unreachable"),
        ({"stopped": True}, {}, "stopped"),
        ({"quiet_until": NOW + MINUTE}, {}, "quiet"),
        ({"quiet_until": NOW - MINUTE}, {}, ""),
        ({"flags": ("duress",)}, {}, "hidden"),
        ({"flags": ("abroad", "watched")}, {}, "hidden"),
        ({}, {"state": "SilentCall:kept"}, "hidden"),
        ({}, {"state": "Exit:hidden"}, "hidden"),
        ({"contact": "only_when_i_write"}, {}, "only_when_i_write"),
        ({"last_in_at": NOW - 10 * MINUTE - timedelta(seconds=1)}, {}, "silent"),
        ({"last_in_at": None}, {}, "silent"),
        ({"last_in_at": NOW - MINUTE}, {"words": msgspec.structs.replace(OWN, covered=True)}, "covered"),
        ({}, {"words": OWN}, ""),
        ({}, {"words": Words(covered=True)}, "covered"),
        ({"last_in_at": NOW - MINUTE}, {"words": OWN}, ""),
        ({"console_at": NOW - 5 * MINUTE}, {}, "console"),
    ],
)
def test_who_is_told(changed: dict[str, object], hers: dict[str, object], code: str) -> None:
    """Nobody whose phone may be in other hands, who asked for silence, or whose case somebody has."""
    about = msgspec.structs.replace(WAITS, **changed)
    assert why_not(about, msgspec.structs.replace(Session(), **hers), NOW, NOW) == code  # type: ignore[arg-type]


def test_the_law_lets_it_out_as_an_answer_and_not_a_minute_later() -> None:
    """It carries the time of her word: within ten minutes it answers that, later nothing leaves (rules 6 and 23)."""
    wrote = NOW - 9 * MINUTE
    letter = MessageFacts(Recipient.PERSON, Content.REPLY, 0, wrote + 10 * MINUTE, wrote, "Sổ tay đây.")
    assert decide(letter, RecipientFacts(wrote), NOW, lambda _: False) == Send()
    assert decide(letter, RecipientFacts(wrote), NOW + 2 * MINUTE, lambda _: False) == Withhold("too_late")
    assert decide(letter, RecipientFacts(NOW, stopped=True), NOW, lambda _: False) == Withhold("stopped")
    assert decide(letter, RecipientFacts(wrote), NOW, lambda _: True) == Withhold("lock_screen")


@pytest.mark.parametrize(("level", "minutes"), [(4, (5, 9)), (3, (5, 9)), (2, ()), (1, ())])
def test_only_levels_that_were_promised_minutes_are_told(level: int, minutes: tuple[int, ...]) -> None:
    """Levels 4 and 3 wait by the minute, day and night; the others by the hour."""
    assert escalation_policy().tells_person(level, NOW) == tuple(NOW + after * MINUTE for after in minutes)


WAITING = CaseSeen("c1", "K7M2", 3, since=TUESDAY - 6 * MINUTE)


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (WAITING, True),
        (msgspec.structs.replace(WAITING, told_at=TUESDAY - MINUTE), False),
        (msgspec.structs.replace(WAITING, since=TUESDAY - 4 * MINUTE), False),
        (msgspec.structs.replace(WAITING, level=2), False),
    ],
    ids=["waited", "knows", "not yet", "by the hour"],
)
def test_her_next_word_is_answered_with_it(content: Conversation, case: CaseSeen, told: bool) -> None:
    """What could not leave in her silence is said when she is there, once, for this minute and her place."""
    session = standing(content, "GetHelp:queued", place="abroad:TW", case=case)
    after, effects = type_(content, session, "chị ơi em sợ")
    assert (content.unanswered("abroad:TW", "vi", TUESDAY) in said(effects)) is told
    assert (NoteOnCase("told", "hotline") in effects) is told
    again = said(type_(content, after, "còn ai không")[1])
    assert content.unanswered("abroad:TW", "vi", TUESDAY) not in again


@pytest.mark.parametrize("state", ["SilentCall:kept", "SilentCall:where"])
def test_nothing_of_it_shows_in_the_silent_talk(content: Conversation, state: str) -> None:
    """A phone that others see stays as it is, whatever she writes."""
    _, effects = type_(content, standing(content, state, case=WAITING), "em ở đây")
    assert content.unanswered("", "vi", TUESDAY) not in said(effects)
    assert NoteOnCase("told", "hotline") not in effects


def test_beside_a_human_nothing_of_it_shows(content: Conversation) -> None:
    """Somebody has the case: the bot keeps out of it."""
    case = msgspec.structs.replace(WAITING, human_here=True)
    assert said(type_(content, standing(content, "GetHelp:queued", case=case), "chị ơi")[1]) == []


async def _heard(system) -> bool:
    """Whether everything that came in has been answered."""
    return await system.count("SELECT count(*) FROM inbox WHERE state = 0") == 0


async def test_on_the_phone_she_is_told_at_minutes_5_and_9_while_she_writes(system) -> None:
    """Zalo: nobody takes it, and she knows whom she can call; a second line only because she has written since."""
    before = await system.talk("zalo_oa", "lan", "cuu em voi")
    assert not any("chưa có ai bên mình" in message["text"] for message in before)

    async def told() -> list[str]:
        await system.quiet()
        return [m["text"] for m in await system.inbox("zalo_oa", "lan") if "chưa có ai bên mình trả lời" in m["text"]]

    assert await told() == []
    await system.advance(5 * 60 + 2)
    first = await told()
    assert len(first) == 1
    assert "+84 981 84 84 84" in first[0]
    await system.do("zalo_oa", "lan", "say", text="em vẫn chờ")
    await until(lambda: _heard(system), 5)
    assert await told() == first
    await system.advance(4 * 60)
    assert await told() == [*first, system.runtime.library.say("unanswered_still").text]
    await system.advance(4 * 60)
    assert len(await told()) == 2
    hoaban, private = await system.counsellor("hoaban")
    [case] = await system.cases()
    view = await casework.read(system.store, system.runtime.clock.now(), case.id, hoaban, private)
    assert [line.text for line in view.lines if line.text.startswith("told=")] == ["told=hotline"] * 2


async def test_on_the_phone_who_has_not_written_since_is_told_once(system) -> None:
    """Without a word of hers nothing leaves a second time, and after ten minutes it waits for a cry or her word."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    for _ in range(3):
        await system.advance(5 * 60 + 2)
        await system.quiet()
    told = [m for m in await system.inbox("zalo_oa", "lan") if "chưa có ai bên mình" in m["text"]]
    assert len(told) == 1
    answered = await system.talk("zalo_oa", "lan", "ai nhắn gì đây")
    assert not any("chưa có ai" in message["text"] for message in answered)
    await system.talk("zalo_oa", "lan", "cứu em với")
    await system.quiet()
    told = [m["text"] for m in await system.inbox("zalo_oa", "lan") if "chưa có ai bên mình" in m["text"]]
    assert told[1:] == [system.runtime.library.say("unanswered_still").text]


async def test_on_the_phone_whoever_is_answered_or_silent_is_not_told(system) -> None:
    """Somebody has Lan's case; Mai's watched phone stays as it is; Hoa's own word of six minutes later is answered."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor("hoaban")
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case.id, hoaban)
    await system.talk("zalo_oa", "mai", "88")
    await system.talk("zalo_oa", "mai", "1")
    await system.advance(6 * 60)
    await system.quiet()
    for channel, user in (("zalo_oa", "lan"), ("zalo_oa", "mai")):
        assert not any("chưa có ai bên mình" in m["text"] for m in await system.inbox(channel, user)), user
    await system.talk("telegram", "hoa", "cứu em với")
    await system.advance(5 * 60 + 2)
    await system.quiet()
    told = [m for m in await system.inbox("telegram", "hoa") if "chưa có ai bên mình" in m["text"]]
    assert len(told) == 1
    assert await system.count("SELECT count(*) FROM case_file WHERE told_at IS NOT NULL") == 1
