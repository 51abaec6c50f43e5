"""A recalled card is shown to nobody from then on; a changed one goes on as it was for whoever had begun with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from content.findings import ContentErrors
from content.library import Library
from content.loader import load
from flows.rendering.phrasing import Phrasing
from tests.support.content import copy_content

CARD, OTHER = "offer.loan", "offer.fees"
packaged = load()


@pytest.fixture
def library() -> Iterator[Library]:
    """The packaged content; what a test recalls is put back."""
    yield packaged
    packaged.withdraw({})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the packaged content."""
    return copy_content(tmp_path)


def marked(root: Path, more: str) -> Library:
    """Load the copy with more written under one card."""
    path = root / "cards/vi/tricks.yaml"
    path.write_text(path.read_text().replace(f"  {CARD}:\n", f"  {CARD}:\n    {more}\n", 1))
    return load(root)


def test_a_card_recalled_in_its_file_is_on_no_shelf_and_gives_way(root: Path) -> None:
    """Day and reason stand in the file; the card named instead is shown, in every language."""
    library = marked(root, f'recalled: {{since: "2026-11-25", because: "the fee changed", instead: "{OTHER}"}}')
    assert not library.has(CARD)
    assert CARD not in library.shelf("tricks")
    for lang in ("vi", "en"):
        assert library.say(CARD, lang).text == library.say(OTHER, lang).text


def test_without_a_card_instead_a_calm_sentence_is_shown(root: Path) -> None:
    """Nothing says what was wrong, and nothing is left empty."""
    library = marked(root, 'recalled: {since: "2026-11-25", because: "the fee changed"}')
    assert library.say(CARD, "vi").text == library.card("recalled", "vi").text


def test_a_recall_without_a_reason_does_not_load(root: Path) -> None:
    """Whoever reads the file later must learn why."""
    with pytest.raises(ContentErrors, match="because"):
        marked(root, 'recalled: {since: "2026-11-25"}')


def test_a_recall_while_the_service_runs_holds_at_once_and_can_be_taken_back(library: Library) -> None:
    """What was filled and kept before is forgotten with it."""
    phrasing = Phrasing(library)
    words = phrasing.card(CARD, "vi").text
    assert library.withdraw({CARD: ""}) == frozenset()
    assert phrasing.card(CARD, "vi").text == library.card("recalled", "vi").text
    assert CARD not in phrasing.shelf("tricks")
    library.withdraw({})
    assert phrasing.card(CARD, "vi").text == words
    assert CARD in phrasing.shelf("tricks")


def test_the_same_recall_again_moves_nothing(library: Library) -> None:
    """A watch that looks every few seconds must not make everything be filled anew."""
    library.withdraw({CARD: ""})
    edition = library.edition
    library.withdraw({CARD: ""})
    assert library.edition == edition


@pytest.mark.parametrize(
    "name", ["emergency.vn", "handoff.abroad", "fragment.day.1", "static.short", "recalled", "no.such"]
)
def test_what_the_service_cannot_do_without_is_kept(name: str, library: Library) -> None:
    """A wrong number in an emergency is mended in the services; the card itself stays."""
    assert library.withdraw({name: ""}) == {name}
    assert library.has(name) == (name != "no.such")


def test_recalls_that_point_at_each_other_end_in_the_calm_sentence(library: Library) -> None:
    """Two cards recalled in each other's favour, of one that is not there, or of one with a gap, loop nowhere."""
    for recalled in ({CARD: OTHER, OTHER: CARD}, {CARD: CARD}, {CARD: "no.such"}, {CARD: "emergency.vn"}):
        library.withdraw(recalled)
        assert library.say(CARD, "vi").text == library.card("recalled", "vi").text


def test_a_question_that_is_recalled_keeps_its_answers(library: Library) -> None:
    """Whoever was asked can still go on or out."""
    choices = library.say("settings", "vi").choices
    library.withdraw({"settings": ""})
    said = library.say("settings", "vi")
    assert said.text == library.card("recalled", "vi").text
    assert said.choices == choices


def test_an_earlier_text_is_kept_for_whoever_began_with_it(root: Path) -> None:
    """The mark of what she read finds it; without a mark, or with a strange one, the new text is read."""
    old = packaged.card(CARD, "vi")
    path = root / "cards/vi/tricks.yaml"
    first = old.text.splitlines()[0]
    path.write_text(path.read_text().replace(first, "Họ cho vay tiền đi, rồi trừ vào lương."))
    earlier = f"earlier: [{{version: 1, text: {_quoted(old.text)}}}]"
    library = marked(root, earlier)
    assert library.say(CARD, "vi", old.digest).text == old.text
    assert library.say(CARD, "vi").text.startswith("Họ cho vay tiền đi")
    assert library.say(CARD, "vi", "0" * 12).text == library.say(CARD, "vi").text
    assert library.card(CARD, "vi", old.digest).version == 1
    library.withdraw({CARD: ""})
    assert library.say(CARD, "vi", old.digest).text == library.card("recalled", "vi").text


def test_a_mark_is_of_exactly_what_is_read(library: Library) -> None:
    """Another language or another answer is another mark; cards that read the same share one."""
    cards = [library.card(name, lang) for name in library.cards for lang in ("vi", "en")]
    read = {(card.lang, card.title, card.text, card.choices) for card in cards}
    assert len({card.digest for card in cards}) == len(read)


def _quoted(text: str) -> str:
    return '"' + text.replace("\n", "\\n") + '"'
