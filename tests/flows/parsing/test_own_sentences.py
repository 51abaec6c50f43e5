"""Our own words, whole or in part, with anything around them: no cry; and no cry of hers is taken for ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, OpenCase
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming
from flows.parsing.own_cards import recognised
from flows.understanding import Meaning, understand
from flows.understanding.meaning import NOTHING
from tests.flows.standings import NOW, Standing, standing, take
from tests.support.content import library

LIBRARY = library()
DATA = Path(__file__).parents[1] / "data"
HERS_TO_SAY = (".say", "static.command.help", "static.zalo.menu")
"""What a card gives her to say, or to press, is a plea when she says it."""
ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")
HEADERS = ("Fwd: ", "FW:", "Chuyển tiếp: ", "Tin nhắn chuyển tiếp:\n", "> ", "Forwarded from Sổ tay phụ nữ\n", "📌 ")
CRY = "cứu em với, em bị nhốt"


def texts() -> Iterator[tuple[str, str]]:
    """Every text that a person may have from us, by the name of its card."""
    for name, versions in LIBRARY.cards.items():
        if not name.endswith(HERS_TO_SAY):
            for lang, card in versions.items():
                yield f"{name} {lang}", LIBRARY.say(name, lang, **dict.fromkeys(card.slots, "K7M2")).text


TEXTS = dict(texts())
LONG = {name: text for name, text in TEXTS.items() if len(text) >= 60 and "K7M2" not in text}


def taken(text: str) -> Incoming:
    """What a typed text is taken for."""
    return recognised(Incoming("text", NOW, text=text), LIBRARY)


def judged(text: str) -> Meaning:
    """What is understood of a typed text after our own words have been taken out."""
    found = taken(text)
    return NOTHING if found.kind == "own_card" else understand(found.text, LIBRARY.lexicon)


def is_cry(meaning: Meaning) -> bool:
    return meaning.action == "raise" and meaning.level >= 3


def test_no_card_of_ours_is_a_cry() -> None:
    """Of any length, in both languages, with and without a header above it."""
    assert len(TEXTS) > 700
    assert [name for name, text in TEXTS.items() if is_cry(judged(text))] == []
    for header in HEADERS:
        assert [name for name, text in LONG.items() if is_cry(judged(header + text))] == [], header


def test_no_two_sentences_of_a_card_are_a_cry() -> None:
    """Whichever of them somebody passes on, in either order."""
    for name, text in TEXTS.items():
        pairs = (f"{first} {second}" for first, second in permutations(sentences(text), 2))
        assert [pair for pair in pairs if is_cry(judged(pair))] == [], name


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [one.strip() for one in ENDS.split(text) if one.strip()]


def passed_on(text: str) -> Iterator[str]:
    """A text as people pass it on: the whole, each sentence, any two of them, and both led to by words of hers."""
    yield from (text, *sentences(text))
    yield from (f"{first} {second}" for first, second in permutations(sentences(text), 2))
    for part in (text, *sentences(text)):
        yield from (f"chị đọc cái này nè: {part}", f"chị đọc cái này nè: “{part}”", f"em thấy cái này\n{part}")


def test_nothing_of_ours_that_is_passed_on_opens_a_case_or_asks_about_danger(content: Conversation) -> None:
    """Every text of ours in both languages, in every way to pass it on; what only weights doubt is an offer at most."""
    her = standing(content, "Menu:menu")
    for name, text in TEXTS.items():
        if name.startswith(("static.sheet", "fragment.")):
            continue  # the sheet is for staff, who type what stands on it; a fragment never stands alone
        for said in filter(lambda said: judged(said).action != "calm", passed_on(text)):
            at, effects = take(content, her, taken(said))
            assert not any(isinstance(effect, OpenCase) for effect in effects), (name, said)
            assert not at.session.state.startswith(("Cry:", "Despair:")), (name, said)


@pytest.mark.parametrize("dress", ["{cry}: {part}", "{part} {cry}", "{cry}\n{part}", "em đọc rồi: {part} {cry}"])
def test_no_sentence_of_ours_hides_a_cry_beside_it(dress: str) -> None:
    """Her cry that leads to a sentence of ours, or follows it, is heard."""
    parts = [part for name, text in TEXTS.items() if name.endswith(" vi") for part in sentences(text)]
    for part in parts[::3]:
        said = dress.format(cry=CRY, part=part)
        assert understand(taken(said).text, LIBRARY.lexicon).action != "calm", said
        assert taken(said).kind == "text", said


@pytest.mark.parametrize("dress", ["{card}\n{cry}", "{cry}. {card}", "Fwd: {card} {cry}", "chị ơi\n{card}\n\n{cry}"])
def test_her_own_words_beside_ours_are_judged(dress: str) -> None:
    """A cry before or behind a card is a cry, and what is judged of the message is hers alone."""
    for name, text in LONG.items():
        found = taken(dress.format(card=text, cry=CRY))
        assert found.kind == "text", name
        assert is_cry(understand(found.text, LIBRARY.lexicon)), (name, found.text)
        assert text.splitlines()[0] in found.card, name


def test_nothing_that_a_person_may_cry_is_taken_for_ours() -> None:
    """Every labelled cry is judged as it was typed."""
    rows = [line.split("|") for line in (DATA / "heard.psv").read_text().splitlines() if line and line[0] != "#"]
    cries = [text for kind, text in rows if kind == "cry"]
    cries += [line.split("|")[1] for line in (DATA / "phrases.psv").read_text().splitlines()[1:]]
    changed = [text for text in cries if taken(text) != Incoming("text", NOW, text=text)]
    assert changed == []


@pytest.mark.parametrize("name", [name for name in LIBRARY.cards if name.startswith("desk.")])
def test_a_line_of_the_desk_opens_nothing(name: str, content: Conversation) -> None:
    """Pasted back, with her thanks before it, without tones, from every kind of beginning."""
    for lang in LIBRARY.cards[name]:
        text = LIBRARY.card(name, lang).text
        for said in (text, f"Fwd: {text}", f"chị ơi {text}", text.upper()):
            for her in (Standing().but(on_duty=True), standing(content, "Menu:menu"), standing(content, "Cry:danger")):
                _, effects = take(content, her, taken(said))
                assert not any(isinstance(effect, OpenCase) for effect in effects), said


def test_the_people_of_a_case_see_the_whole_message(content: Conversation) -> None:
    """Her own words as hers, and beside them everything as it came."""
    card = LIBRARY.say("safe.home", "vi").text
    message = f"{card}\nem bị như vậy"
    her = standing(content, "GetHelp:queued", case=CaseSeen("c1", "K7M2", 3))
    _, effects = take(content, her, taken(message))
    assert AddToCase("em bị như vậy", card=message) in effects


def test_a_caption_of_ours_is_no_caption_of_hers() -> None:
    """A picture with one of our texts below it is a picture."""
    card = LIBRARY.say("sign.hunger-and-hours", "vi").text
    found = recognised(Incoming("image", NOW, text=card, media="i1"), LIBRARY)
    assert (found.kind, found.text, found.media) == ("image", "", "i1")
