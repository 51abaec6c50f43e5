"""Who listens hears first, on every channel in its own way, and never at the price of a number or a word."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from content.recording_scripts import wanted
from flows.engine.conversation import Conversation
from flows.load import load_all
from flows.model.effects import HELP, Say
from flows.model.messages import Choice, Incoming, Outgoing, Sound
from flows.parsing.choices import match
from flows.rendering.audio import LINK_ROOM
from flows.rendering.pagination import MOST, numbered
from flows.rendering.render import render
from tests.flows.standings import Standing, type_, without_fixed

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
TWO = (Choice("Có", "yes"), Choice("Không", "no"))
YES_NO = (["yes", "no"], ["agree", "decline"], ["accept", "decline"])
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


def say(content: Conversation, her: Standing, text: str) -> tuple[Standing, list[Say]]:
    """One turn; what is said."""
    her, effects = type_(content, her, text, NOW)
    return her, [effect for effect in effects if isinstance(effect, Say)]


def everything(content: Conversation) -> dict[str, Sound]:
    """A recording of every card that can be read aloud."""
    return {f"{card}.vi": Sound(number, 4000) for number, card in enumerate(wanted(content.library), 1)}


def test_numbers_wait_for_no_sound(content: Conversation) -> None:
    """A cry is answered with numbers as words, at once, whatever she chose and whatever was recorded."""
    her = Standing().but(state="Menu:menu", last_at=NOW, listening=True, on_duty=True, sounds=everything(content))
    _, said = say(content, her, "cứu em với")
    urgent = [one for one in said if one.priority == HELP]
    assert urgent[0].outgoing == content.emergency("", "vi")
    assert not any(one.outgoing.sounds for one in urgent)


def test_every_question_with_a_recording_is_playable_and_a_yes_and_a_no_have_two_colours(content: Conversation) -> None:
    """Whoever listens gets the recording of each question and taps the first or second; typing works as before."""
    her = Standing().but(state="Menu:menu", last_at=NOW, listening=True, on_duty=True, sounds=everything(content))
    her, said = say(content, her, "menu")
    assert said[-1].outgoing.sounds
    states = [state for state in content.states.values() if state.say and content.card(state.say, "vi").choices]
    assert len(states) > 20
    assert any([one.value for one in content.card(state.say, "vi").choices] in YES_NO for state in states)
    for state in states:
        question = content.card(state.say, "vi")
        if state.say not in wanted(content.library):
            continue
        heard = _asked(content, her, question)
        assert bool(heard.sounds) == (len(question.choices) <= MOST), "a page has other numbers than the whole list"
        if [choice.value for choice in question.choices] in YES_NO:
            assert [choice.style for choice in heard.choices] == ["good", "danger"]
            assert [choice.label[0] for choice in heard.choices] == ["✅", "❌"]
            for number, choice in enumerate(question.choices, 1):
                assert match(str(number), question.choices) == choice
                assert match(choice.label, question.choices) == choice


PAIRS = [
    (Choice("Tiếng Việt", "vi"), Choice("English", "en")),
    (Choice("Xem số điện thoại", "numbers"), Choice("Dọn tin trên máy", "clean")),
    (Choice("Thôi nhận tin", "stop"), Choice("Vẫn nhận tin", "menu")),
    (Choice("Thu giọng về", "yes"), Choice("Vẫn cho mượn giọng", "menu")),
    (Choice("Không", "no"), Choice("Có", "yes")),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].value}-{pair[1].value}")
def test_two_answers_of_which_none_is_a_no_have_no_colours(content: Conversation, pair: tuple[Choice, Choice]) -> None:
    """No language is wrong, and no list of numbers: a tick and a cross belong to a yes and a no alone."""
    her = Standing().but(state="Menu:menu", last_at=NOW, listening=True, sounds=everything(content))
    assert _asked(content, her, Outgoing("Chọn nhé", pair)).choices == pair


def test_a_tone_stands_in_for_no_other_language(content: Conversation) -> None:
    """Whoever chose Mông hears Vietnamese where somebody speaks it, but no tone of a trial."""
    her = Standing().but(state="Menu:menu", last_at=NOW, listening=True, voice="hmn")
    menu = content.card("menu", "vi")
    for sound, heard in ((Sound(1, 2432, tone=True), False), (Sound(1, 2432), True)):
        assert bool(_asked(content, her.but(sounds={"menu.vi": sound}), menu).sounds) == heard


def _asked(content: Conversation, her: Standing, question: Outgoing) -> Outgoing:
    context = content.context(her.session, her.facts, Incoming("text", NOW), NOW)
    context.ask(question)
    [said] = context.effects
    assert isinstance(said, Say)
    if len(question.choices) <= MOST:
        assert numbered(context.session.prompt) == question.choices, "what she types is held against the plain labels"
    return without_fixed(said.outgoing)


def test_an_older_edition_of_a_card_is_not_heard_in_newer_words(content: Conversation) -> None:
    """A conversation may go on with the words it began with; a recording speaks today's, so it stays silent there."""
    her = Standing().but(state="Menu:menu", last_at=NOW, listening=True, sounds=everything(content))
    present = content.card("menu", "vi")
    assert _asked(content, her, present).sounds
    older = msgspec.structs.replace(present, text="Mục lục cũ. Bạn xem gì?")
    assert _asked(content, her, older).sounds == ()


def test_no_voice_says_a_number_that_leads_elsewhere(content: Conversation) -> None:
    """Below a list's titles answers have other numbers, and a card may be shown without its own: both are silent."""
    her = Standing().but(state="Menu:menu", last_at=NOW, listening=True, sounds=everything(content))
    tail = {"shelf_next.vi": Sound(9999, 4000)}
    her = her.but(sounds={**her.facts.sounds, **tail})
    assert _asked(content, her, content.listing("tricks", 0, "shelf_next", "vi")).sounds == ()
    told = content.card("menu", "vi")
    assert _asked(content, her, content.joined(told, content.card("topic_next", "vi"))).sounds == (
        her.facts.sounds["topic_next.vi"],
    )
    card = content.card(content.shelf("tricks")[0], "vi")
    assert len(_asked(content, her, content.joined(card, content.card("topic_next", "vi"))).sounds) == 2


def test_without_a_recording_and_without_the_wish_nothing_changes(content: Conversation) -> None:
    """Reading costs no byte more; who listens is told what has no voice; a tone of a trial is called a tone."""
    her = Standing().but(state="Menu:menu", last_at=NOW, on_duty=True, sounds=everything(content))
    _, said = say(content, her, "menu")
    assert without_fixed(said[-1].outgoing) == content.card("menu", "vi")
    silent = her.but(listening=True, sounds={})
    _, said = say(content, silent, "menu")
    truth = f"{content.card('menu', 'vi').text}\n\n{content.card('not_spoken_yet', 'vi').text}"
    assert (said[-1].outgoing.text, said[-1].outgoing.sounds) == (truth, ())
    tone = her.but(listening=True, sounds={"menu.vi": Sound(1, 2432, tone=True)})
    _, said = say(content, tone, "menu")
    assert said[-1].outgoing.text.startswith(content.library.say("fragment.sound.tone", "vi", length="0:02").text)
