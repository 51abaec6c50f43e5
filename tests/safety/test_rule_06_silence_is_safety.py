"""Safety rule 6: after its time nothing is sent, and without her no content leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.quiet_hours import Window, is_open, minute_of
from scheduler.send_gate import Decision, Defer, MessageFacts, RecipientFacts, Send, Withhold, decide
from store.messages.models import Content, Recipient

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
AGO = {name: NOW - timedelta(minutes=m) for name, m in {"just now": 0, "14 min": 14, "16 min": 16}.items()}


def neutral(_: str) -> bool:
    """Nothing is sensitive here."""
    return False


def message(**changed: object) -> MessageFacts:
    """A reply to what she wrote just now."""
    given_ = {
        "recipient": Recipient.PERSON,
        "content": Content.REPLY,
        "priority": 1,
        "not_after": NOW + timedelta(minutes=5),
        "answers_at": NOW,
        "opening": "Chào chị",
    }
    return MessageFacts(**(given_ | changed))  # type: ignore[arg-type]


CASES = [
    pytest.param(message(), RecipientFacts(NOW), Send(), id="an answer to what she just wrote leaves"),
    pytest.param(
        message(not_after=NOW - timedelta(seconds=1)),
        RecipientFacts(NOW),
        Withhold("too_late"),
        id="after its time it stays",
    ),
    pytest.param(
        message(answers_at=AGO["16 min"]), RecipientFacts(NOW), Withhold("uninvited"), id="a late answer stays"
    ),
    pytest.param(
        message(answers_at=AGO["14 min"]), RecipientFacts(NOW), Send(), id="an answer within fifteen minutes leaves"
    ),
    pytest.param(message(), RecipientFacts(NOW, reachable=False), Withhold("unreachable"), id="she blocked us"),
    pytest.param(
        message(answers_at=AGO["14 min"]),
        RecipientFacts(NOW, stopped=True),
        Withhold("stopped"),
        id="an older answer after stop",
    ),
    pytest.param(message(), RecipientFacts(NOW, stopped=True), Send(), id="the answer to stop itself"),
    pytest.param(
        message(content=Content.RELAY, answers_at=None),
        RecipientFacts(AGO["14 min"]),
        Send(),
        id="a counsellor while she is there",
    ),
    pytest.param(
        message(content=Content.RELAY, answers_at=None),
        RecipientFacts(AGO["16 min"]),
        Defer(NOW + timedelta(minutes=5), "kept", kept=True),
        id="a counsellor after she went is kept",
    ),
    pytest.param(
        message(content=Content.RELAY, answers_at=None),
        RecipientFacts(NOW, quiet_until=NOW + timedelta(hours=1)),
        Defer(NOW + timedelta(minutes=5), "kept", kept=True),
        id="a counsellor after a quick exit is kept",
    ),
    pytest.param(
        message(content=Content.RELAY, answers_at=None),
        RecipientFacts(NOW, stopped=True),
        Withhold("stopped"),
        id="a counsellor after stop stays",
    ),
]


@pytest.mark.parametrize(("message", "reader", "decision"), CASES)
def test_the_gate_decides(message: MessageFacts, reader: RecipientFacts, decision: Decision) -> None:
    """The table of the law."""
    assert decide(message, reader, NOW, neutral) == decision


times = st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
readers = st.builds(
    RecipientFacts,
    last_in_at=st.none() | times,
    reachable=st.booleans(),
    stopped=st.booleans(),
    quiet_until=st.none() | times,
    hours=st.sampled_from([(), (Window(540, 660),), (Window(0, 1440),)]),
    plan=st.sampled_from(["", "agreed", "active", "paused"]),
    case_open=st.booleans(),
    apart=st.booleans(),
    subscribed=st.booleans(),
)
letters = st.builds(
    MessageFacts,
    recipient=st.just(Recipient.PERSON),
    content=st.sampled_from(list(Content)),
    priority=st.integers(0, 3),
    not_after=times,
    answers_at=st.none() | times,
    opening=st.text(max_size=60),
    broadcast=st.sampled_from(["", "sending", "paused", "stopped"]),
)


@given(letters, readers, times, st.booleans())
def test_no_combination_breaks_the_silence(
    message: MessageFacts, reader: RecipientFacts, now: datetime, dark: bool
) -> None:
    """Whatever comes together: nothing after its time, nothing to the unreachable, no word of ours to an empty room.

    A clean-up only takes messages away: no word, no sound.
    """
    decision = decide(message, reader, now, lambda _: dark)
    if not isinstance(decision, Send):
        return
    assert now <= message.not_after
    assert reader.reachable
    person_wrote = reader.last_in_at is not None and now - reader.last_in_at <= timedelta(minutes=15)
    answers = message.answers_at is not None and now - message.answers_at <= timedelta(minutes=15)
    if message.content in (Content.CHECK_IN, Content.BROADCAST):
        assert not dark
        assert not reader.stopped
        assert reader.quiet_until is None or now >= reader.quiet_until
        assert 7 * 60 <= minute_of(now) < 21 * 60
        return
    assert person_wrote or answers or message.content in (Content.KNOCK, Content.CLEAN)


@given(letters, readers, times)
def test_what_we_begin_ourselves_has_her_leave(message: MessageFacts, reader: RecipientFacts, now: datetime) -> None:
    """A check-in leaves only while her plan runs, in her hours; a broadcast only to who listens and is not apart."""
    if not isinstance(decide(message, reader, now, neutral), Send):
        return
    if message.content == Content.CHECK_IN:
        assert reader.plan == "active"
        assert is_open(reader.hours, now)
        assert not reader.case_open
    if message.content == Content.BROADCAST:
        assert reader.subscribed
        assert not reader.apart
        assert message.broadcast == "sending"
