"""Safety rules 19 and 20 over any order of platform events: reports move nothing, whoever writes is answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.context import STAFF_SPOKE
from flows.model.effects import AddToCase, NoteOnCase, OpenCase, OpenTask, Reachable, Silence, Unreachable, Withdraw
from flows.model.session import Session
from tests.support import content as shared_content
from tests.support.platform_events import COMING_AND_GOING, CRY, REPORTS, edited, raw, sent, typed
from tests.support.talks import EventOutcome, Talk

WORDS = (
    *("alo", "xin chào", "menu", "1", "2", "0", "có", "không", "em ở campuchia", "dung", "dừng", "xx", "88", "."),
    *("chồng em đánh em", "em sợ", CRY, "em nhầm", "quên em đi", "cảm ơn chị", "số điện thoại", "ok", "👍"),
)
CHANNELS = st.sampled_from(sorted(REPORTS))
CRIED = 3
"""The level of that cry."""
LATE = st.integers(-90, 5)
"""Minutes by which the time of an event differs from now."""
REPORTED = (NoteOnCase, OpenTask, Reachable, Unreachable, Withdraw, AddToCase)
"""What may come of a report, words of it beside a case among them: all of it is for people, none of it for her."""
Step = tuple[Any, int, int]


@st.composite
def talks(draw: st.DrawFn, most: int = 8) -> tuple[str, list[Step]]:
    """A channel, and what happens there: an event with how late it is told, and the minutes that pass before it."""
    channel = draw(CHANNELS)
    hers = st.one_of(st.sampled_from(WORDS).map(lambda text: typed(channel, text)), st.just(sent(channel)))
    changed = st.sampled_from(WORDS).map(edited) if channel == "telegram" else hers
    reports = st.sampled_from(REPORTS[channel]) | st.sampled_from(COMING_AND_GOING[channel])
    what = st.one_of(reports, hers, changed, st.just("a human comes"))
    minutes = st.sampled_from((0, 0, 1, 20, 60, 200, 1500))
    return channel, draw(st.lists(st.tuples(what, LATE, minutes), max_size=most))


def happen(talk: Talk, what: Any, late: int = 0, minutes: int = 0) -> EventOutcome:
    """Let one thing happen, some minutes after the last one."""
    talk.now += timedelta(minutes=minutes)
    if isinstance(what, str):
        talk.join()
        return EventOutcome()
    return talk.hear(raw(what, talk.now + timedelta(minutes=late)))


def after(channel: str, steps: list[Step]) -> Talk:
    """The talk after all this."""
    talk = Talk(channel)
    for what, late, minutes in steps:
        happen(talk, what, late, minutes)
    return talk


def _offered(session: Session) -> int:
    return session.offered.level if session.offered else 0


def still(session: Session, *, spoke: bool) -> Session:
    """A session without what may be remembered of a report: when she came, went or called, and that staff spoke.

    A question that staff's words took off the table goes with the moment in which it was asked.
    """
    question = {"prompt": (), "asked_at": None, "nonce": 0, "data": {}}
    kept = {"present_at": None, "called_at": None} | (question if spoke else {})
    return msgspec.structs.replace(session, **kept)


@given(talks(), st.sampled_from(("alo", "số điện thoại", CRY)))
@settings(deadline=None, max_examples=120)
def test_whoever_writes_after_any_event_is_answered(course: tuple[str, list[Step]], text: str) -> None:
    """She can be reached at once; we answer, or the people have it who are writing with her; a cry gets the numbers."""
    channel, steps = course
    talk = after(channel, steps)
    level, with_staff = talk.level, STAFF_SPOKE in talk.session.data
    heard = happen(talk, typed(channel, text, 90), 0, 1)
    assert talk.reachable
    assert talk.last_in == talk.now
    assert heard.shown or with_staff or any(isinstance(one, AddToCase) for one in heard.effects)
    if text == CRY and not (talk.beside_human and level >= CRIED):
        assert "📞" in heard.shown[0]
        assert any(isinstance(one, OpenCase) for one in heard.effects)


@given(talks(), st.data())
@settings(deadline=None, max_examples=150)
def test_no_report_moves_releases_or_speaks(course: tuple[str, list[Step]], data: st.DataObject) -> None:
    """Wherever she stands; what is not hers is told to people at most, and only two kinds are answered, harmlessly."""
    channel, steps = course
    talk = after(channel, steps)
    before, level, last = talk.session, talk.level, talk.last_in
    report = data.draw(st.sampled_from(REPORTS[channel]))
    heard = happen(talk, report, data.draw(LATE))
    name = report.get("event_name", "")
    if name.endswith("follow") and last is None and heard.shown:
        return  # a newcomer is welcomed
    spoke = name == "oa_send_text"
    assert still(talk.session, spoke=spoke) == still(before, spoke=spoke)
    assert (talk.level, talk.last_in) == (level, last)
    assert all(isinstance(one, REPORTED) for one in heard.effects)
    card = shared_content.library().say("call_missed").text
    assert heard.shown in ((), (card,)) if name == "user_call_oa" else heard.shown == ()


@given(talks(), st.sampled_from(WORDS) | st.text(max_size=30))
@settings(deadline=None, max_examples=150)
def test_no_edit_lowers_releases_or_asks(course: tuple[str, list[Step]], text: str) -> None:
    """Whatever she changes a message into: no level falls, she has not written now, a stop stands unless she cries."""
    _, steps = course
    talk = after("telegram", [step for step in steps if isinstance(step[0], str) or "event_name" not in step[0]])
    before, level, last = talk.session, talk.level, talk.last_in
    heard = happen(talk, edited(text))
    cried = [one for one in heard.effects if isinstance(one, OpenCase)]
    assert talk.level >= level
    assert _offered(talk.session) >= _offered(before) or cried or talk.session.stopped
    assert talk.last_in == last
    assert talk.session.last_at == before.last_at
    if not cried and not any(isinstance(one, Silence) for one in heard.effects):
        assert (talk.session.stopped, talk.session.quiet_until) == (before.stopped, before.quiet_until)
        assert talk.session.state == before.state or talk.session.place != before.place
    if cried:
        assert talk.reachable, "the numbers must get to her"


def test_every_report_is_read_as_none_of_her_words() -> None:
    """The events above are what they are called: each is read by its channel as a report, or as nothing."""
    for channel, reports in REPORTS.items():
        for report in reports:
            talk = Talk(channel)
            happen(talk, report)
            assert talk.last_in is None, report
