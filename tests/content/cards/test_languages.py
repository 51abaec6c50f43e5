"""Languages are places kept free: none is shown before people wrote and reviewed it, and all lead to Vietnamese."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.cards.languages import chain, spoken
from content.findings import ContentErrors, Finding
from content.library import Library
from content.loader import PACKAGED, findings, load
from tests.support import content
from tests.support.content import copy_content

library = content.library()
TEXT = """\
lang: km
status: {status}
cards:
  basic.no-name:
    version: 1
    title: "(a title in Khmer)"
    text: "(a text in Khmer)"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the packaged content in which Khmer texts may come in."""
    copy_content(tmp_path)
    file = tmp_path / "languages.yaml"
    khmer = file.read_text().partition("  km:")[2].partition("  ium:")[0]
    file.write_text(file.read_text().replace(khmer, khmer.replace("status: no text yet", "status: open")))
    return tmp_path


def written(root: Path, **about: str) -> Library:
    """Load the copy with one Khmer card."""
    (root / "cards" / "km").mkdir(exist_ok=True)
    text = TEXT.format(status=about.get("status", "draft"))
    (root / "cards/km/basics.yaml").write_text(
        text + "".join(f"    {line}\n" for line in about.get("more", "").split(";") if line)
    )
    return load(root)


def test_every_language_of_the_border_has_its_place_and_no_text() -> None:
    """The other languages wait; ISO codes are given once; scripts are named, the choice among them is not made."""
    waiting = [language for language in library.languages.values() if language.status == "no text yet"]
    assert len(waiting) == len(library.languages) - 2 > 20
    assert not any((PACKAGED / "cards" / language.id).exists() for language in waiting)
    assert all(script.chosen_by == () for language in waiting for script in language.scripts)
    assert all(language.reviewers >= 2 for language in waiting)
    codes = [code for language in library.languages.values() for code in (language.iso, *language.varieties)]
    assert len(codes) == len(set(codes))


def test_every_language_falls_back_to_vietnamese() -> None:
    """The chain ends in the language that every card has; a stranger's code does too."""
    for lang in (*library.languages, "xx"):
        assert chain(library.languages, lang)[-1] == "vi"
        assert library.card("basic.no-name", lang).lang in ("vi", lang)


def test_a_text_is_shown_only_after_two_people_have_agreed(root: Path) -> None:
    """A draft is there for reviewers; who chose the language still reads Vietnamese, until it is approved."""
    draft = written(root)
    assert draft.cards["basic.no-name"]["km"].status == "draft"
    assert draft.card("basic.no-name", "km").lang == "vi"
    assert draft.languages_of("basic.no-name") == ("vi", "en")
    agreed = written(root, status="approved", more="needs_review: [];approved_by: [a teacher, a health worker]")
    assert agreed.card("basic.no-name", "km").lang == "km"
    assert agreed.languages_of("basic.no-name") == ("vi", "en", "km")
    assert agreed.card("basic.first-time", "km").lang == "vi"


@pytest.mark.parametrize("by", ["[]", "[a teacher]", "[a teacher, a teacher]"])
def test_one_person_alone_cannot_approve_a_language(root: Path, by: str) -> None:
    """One name, or one name twice, is a mistake with file and line."""
    with pytest.raises(ContentErrors, match="of 2 people"):
        written(root, status="approved", more=f"needs_review: [];approved_by: {by}")


def test_a_language_that_says_it_has_no_text_must_have_none(root: Path) -> None:
    """The status of the list and the files agree."""
    file = root / "languages.yaml"
    file.write_text(file.read_text().replace("status: open", "status: no text yet"))
    (root / "cards" / "km").mkdir()
    (root / "cards/km/basics.yaml").write_text(TEXT.format(status="draft"))
    found: list[Finding] = findings(root)
    assert [(one.file, '"km" has cards' in one.message) for one in found] == [("languages.yaml", True)]


def test_an_unknown_fallback_is_a_mistake(root: Path) -> None:
    """A chain leads through languages of the list."""
    file = root / "languages.yaml"
    file.write_text(file.read_text().replace("fallback: [vi]", "fallback: [xx]", 1))
    assert any('unknown "xx"' in one.message for one in findings(root))


def test_the_list_says_what_is_heard_and_the_question_offers_just_that(root: Path) -> None:
    """One list for reading and hearing: what is not among the first to be recorded may not be offered as a voice."""
    assert [lang for lang in spoken(library.languages) if library.languages[lang].sound == 1] == [
        choice.value for choice in library.card("listening").choices if choice.value in library.languages
    ]
    file = root / "languages.yaml"
    khmer = file.read_text().partition("  km:")[2].partition("  ium:")[0]
    file.write_text(file.read_text().replace(khmer, khmer.replace("    sound: 1\n", "")))
    told = [(one.file, one.message) for one in findings(root) if "disagree" in one.message]
    assert [file for file, _ in told] == ["cards/en/recording.yaml", "cards/vi/recording.yaml"]
    assert all(message.endswith("about km") for _, message in told)
