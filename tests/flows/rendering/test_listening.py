"""Who listens hears first, on every channel in its own way, and never at the price of a number or a word."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from content.recording_scripts import wanted
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.load import load_all
from flows.model.effects import HELP, Say
from flows.model.messages import Choice, Incoming, Outgoing, Sound
from flows.model.session import Session
from flows.rendering.audio import LINK_ROOM
from flows.rendering.pagination import MOST
from flows.rendering.render import match, render

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
TWO = (Choice("Có", "yes"), Choice("Không", "no"))
SPOKEN = Outgoing("Nghe 0:07\nBạn khỏe không?", TWO, sounds=(Sound(3, 4000), Sound(5, 3000)))


@pytest.fixture(scope="module")
def content() -> Conversation:
    """The conversation as `run` loads it."""
    return load_all()


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("telegram", [("sound:3", ""), ("sound:5", "Nghe 0:07\nBạn khỏe không?")]),
        ("zalo_oa", [("sound:3,5", "Nghe 0:07\nBạn khỏe không?\n\n1. Có\n2. Không")]),
        ("zalo_bot", [("sound:3", ""), ("sound:5", ""), ("", "Nghe 0:07\nBạn khỏe không?\n\n1. Có\n2. Không")]),
    ],
)
def test_sound_goes_before_words(content: Conversation, channel: str, expected: list[tuple[str, str]]) -> None:
    """Telegram: a voice with words and buttons below; an Official Account: a link; a Zalo bot: voices, then words."""
    shown = render(SPOKEN, content.library.limits[channel], 1)  # type: ignore[index]
    assert [(one.media, one.text) for one in shown] == expected
    assert [one.quiet for one in shown] == [n > 0 for n in range(len(shown))]


def test_words_too_long_beside_a_sound_follow_it_whole(content: Conversation) -> None:
    """A caption holds 1,024 units and a link needs room; what does not fit goes after the sound, uncut."""
    long = "Nghe 0:04\n" + "chữ " * 300
    telegram = render(Outgoing(long, sounds=(Sound(3, 4000),)), content.library.limits["telegram"], 1)
    assert [(one.media, one.text == long) for one in telegram] == [("sound:3", False), ("", True)]
    full = "x" * (2000 - LINK_ROOM + 1)
    account = render(Outgoing(full, sounds=(Sound(3, 4000),)), content.library.limits["zalo_oa"], 1)
    assert [(one.media, one.text) for one in account] == [("sound:3", ""), ("", full)]


def say(content: Conversation, session: Session, text: str) -> tuple[Session, list[Say]]:
    """One turn; what is said."""
    session, effects = step(session, Incoming("text", NOW, text=text), NOW, content)
    return session, [effect for effect in effects if isinstance(effect, Say)]


def everything(content: Conversation) -> dict[str, Sound]:
    """A recording of every card that can be read aloud."""
    return {f"{card}.vi": Sound(number, 4000) for number, card in enumerate(wanted(content.library), 1)}


def test_numbers_wait_for_no_sound(content: Conversation) -> None:
    """A cry is answered with numbers as words, at once, whatever she chose and whatever was recorded."""
    session = Session(state="Menu:menu", last_at=NOW, listening=True, on_duty=True, sounds=everything(content))
    _, said = say(content, session, "cứu em với")
    urgent = [one for one in said if one.priority == HELP]
    assert urgent[0].outgoing == content.emergency("", "vi")
    assert not any(one.outgoing.sounds for one in urgent)


def test_every_question_with_a_recording_is_playable_and_two_answers_have_two_colours(content: Conversation) -> None:
    """Whoever listens gets the recording of each question and taps the first or second; typing works as before."""
    session = Session(state="Menu:menu", last_at=NOW, listening=True, on_duty=True, sounds=everything(content))
    session, said = say(content, session, "menu")
    assert said[-1].outgoing.sounds
    states = [state for state in content.states.values() if state.say and content.card(state.say, "vi").choices]
    assert len(states) > 20
    for state in states:
        question = content.card(state.say, "vi")
        if state.say not in wanted(content.library):
            continue
        heard = _asked(content, session, question)
        assert bool(heard.sounds) == (len(question.choices) <= MOST), "a page has other numbers than the whole list"
        if len(question.choices) == 2:
            assert [choice.style for choice in heard.choices] == ["good", "danger"]
            assert [choice.label[0] for choice in heard.choices] == ["✅", "❌"]
            for number, choice in enumerate(question.choices, 1):
                assert match(str(number), question.choices) == choice
                assert match(choice.label, question.choices) == choice


def _asked(content: Conversation, session: Session, question: Outgoing) -> Outgoing:
    context = content.context(session, Incoming("text", NOW), NOW)
    context.ask(question)
    [said] = context.effects
    assert isinstance(said, Say)
    if len(question.choices) <= MOST:
        assert context.prompt == question.choices, "what she types is held against the plain labels"
    return said.outgoing


def test_an_older_edition_of_a_card_is_not_heard_in_newer_words(content: Conversation) -> None:
    """A conversation may go on with the words it began with; a recording speaks today's, so it stays silent there."""
    session = Session(state="Menu:menu", last_at=NOW, listening=True, sounds=everything(content))
    present = content.card("menu", "vi")
    assert _asked(content, session, present).sounds
    older = msgspec.structs.replace(present, text="Mục lục cũ. Bạn xem gì?")
    assert _asked(content, session, older).sounds == ()


def test_no_voice_says_a_number_that_leads_elsewhere(content: Conversation) -> None:
    """Below a list's titles answers have other numbers, and a card may be shown without its own: both are silent."""
    session = Session(state="Menu:menu", last_at=NOW, listening=True, sounds=everything(content))
    tail = {"shelf_next.vi": Sound(9999, 4000)}
    session = msgspec.structs.replace(session, sounds={**session.sounds, **tail})
    assert _asked(content, session, content.listing("tricks", 0, "shelf_next", "vi")).sounds == ()
    told = content.card("menu", "vi")
    assert _asked(content, session, content.joined(told, content.card("topic_next", "vi"))).sounds == (
        session.sounds["topic_next.vi"],
    )
    card = content.card(content.shelf("tricks")[0], "vi")
    assert len(_asked(content, session, content.joined(card, content.card("topic_next", "vi"))).sounds) == 2


def test_without_a_recording_and_without_the_wish_nothing_changes(content: Conversation) -> None:
    """Reading costs no byte more; a tone of a trial is called a tone."""
    session = Session(state="Menu:menu", last_at=NOW, on_duty=True, sounds=everything(content))
    _, said = say(content, session, "menu")
    assert said[-1].outgoing == content.card("menu", "vi")
    silent = msgspec.structs.replace(session, listening=True, sounds={})
    _, said = say(content, silent, "menu")
    assert (said[-1].outgoing.text, said[-1].outgoing.sounds) == (content.card("menu", "vi").text, ())
    tone = msgspec.structs.replace(session, listening=True, sounds={"menu.vi": Sound(1, 2432, tone=True)})
    _, said = say(content, tone, "menu")
    assert said[-1].outgoing.text.startswith(content.library.say("fragment.sound.tone", "vi", length="0:02").text)
