"""What she reads of a number of Viet Nam, wherever she may be, through the whole step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from content.schema import Limits
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.model.effects import Say
from flows.model.facts import Facts
from flows.model.messages import Incoming, Outgoing
from flows.model.session import Session
from flows.rendering.render import render

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
ABROAD, AT_HOME = "+84 981 84 84 84", "0981 84 84 84"
PLACES = {"": ABROAD, "abroad": ABROAD, "abroad:KH": ABROAD, "vn": AT_HOME, "vn:92": AT_HOME}


@pytest.fixture(name="card", params=PLACES, ids=lambda place: place or "unknown")
def _card(request: pytest.FixtureRequest, content: Conversation) -> tuple[str, Outgoing]:
    """What is shown at a place to whose relative money is asked for."""
    session = Session(state="Missing:choose", place=request.param, place_at=NOW, last_at=NOW)
    session.prompt = content.card("missing_choose", "vi").choices
    _, _, effects = step(session, Facts(on_duty=True), Incoming("text", NOW, "2"), NOW, content)
    (said,) = [effect.outgoing for effect in effects if isinstance(effect, Say)]
    return PLACES[request.param], said


def test_the_number_stands_as_it_is_dialled_where_she_is(card: tuple[str, Outgoing]) -> None:
    """With 0 for who said in this talk that she is in Viet Nam; with +84 for who is or may be abroad."""
    form, said = card
    other = {ABROAD, AT_HOME} - {form}
    assert form in said.text
    assert not [number for number in other if number in said.text.replace(form, "")]


def test_every_channel_shows_it_once_and_can_dial_it(card: tuple[str, Outgoing], content: Conversation) -> None:
    """The number to tap is the number that is read: no bare second one stands below the text."""
    form, said = card
    assert form.replace(" ", "") in said.phones
    for limits in content.library.limits.values():
        assert _digits(said, limits).count(form.replace(" ", "").lstrip("+")) == 1, limits.channel


def _digits(said: Outgoing, limits: Limits) -> str:
    return "".join(letter for shown in render(said, limits, 1) for letter in shown.text if letter.isdigit())
