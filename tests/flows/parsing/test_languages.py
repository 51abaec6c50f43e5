"""Which language a typed sentence names: as it is written in the field, with and without tones."""

from __future__ import annotations

import pytest

from content.cards.languages import spoken
from flows.engine.conversation import Conversation
from flows.parsing.languages import languages_named, own_language_named
from tests.flows.standings import standing, type_
from tests.support import content as shared_content

LANGUAGES = shared_content.library().languages
NAMED = {
    "tiếng mông": ("hmn",),
    "tieng mong": ("hmn",),
    "Tiếng H'Mông": ("hmn",),
    "mông": ("hmn",),
    "em chỉ biết tiếng hmông ạ": ("hmn",),
    "tiếng thái": ("blt", "twh"),
    "tiếng thái đen": ("blt",),
    "tieng thai trang": ("twh",),
    "tiếng khmer": ("km",),
    "nghe tiếng khơ me": ("km",),
    "tiếng ê đê": ("rad",),
    "tiếng êđê": ("rad",),
    "tiếng dao": ("ium",),
    "tiếng anh": (),
    "tiếng việt": (),
    "em mong nghe được": (),
    "chị dao bán rau": (),
    "": (),
    "tiếng" * 500: (),
}


@pytest.mark.parametrize("text", NAMED, ids=lambda text: text[:30] or "nothing")
def test_a_language_is_known_by_its_name(text: str) -> None:
    """Behind the word for language or alone; a hope, a name of a person and a language that is read are none."""
    assert set(languages_named(LANGUAGES, text)) == set(NAMED[text])


def test_every_language_that_shall_be_heard_is_known_by_what_the_list_calls_it() -> None:
    """The list of languages and what women type are one."""
    read = {code for code, one in LANGUAGES.items() if one.status == "complete"}
    for code in (one for one in spoken(LANGUAGES) if one not in read):
        assert languages_named(LANGUAGES, LANGUAGES[code].name["vi"]) == (code,)


@pytest.mark.parametrize(("text", "own"), [("tiếng dân tộc", True), ("tiếng mẹ đẻ ạ", True), ("tiếng trung", False)])
def test_her_own_language_may_have_no_name(text: str, own: bool) -> None:
    """Whoever writes of it is shown the list."""
    assert own_language_named(text) == own


@pytest.mark.parametrize("said", ["{}", "{} ạ", "cho em nghe {}", "em chỉ biết {}"])
def test_every_language_that_shall_be_heard_leads_to_listening(said: str, content: Conversation) -> None:
    """By each of its names, whatever the first page shows of them."""
    at = standing(content, "Menu:menu")
    for code in spoken(LANGUAGES):
        one = LANGUAGES[code]
        for name in (one.name["vi"].lower(), *(f"tiếng {typed.lower()}" for typed in one.typed)):
            if one.status != "complete":
                reached = type_(content, at, said.format(name))[0].session.state
                assert reached.startswith("Listening:"), said.format(name)
