"""The labelled phrases: every urgent one is heard, no harmless one is believed, topics lead where they should."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.text.letters import fold
from flows.understanding import Meaning, understand
from tests.flows.understanding.keyboards import telex
from tests.support import content

LEXICON = content.library().lexicon
DATA = Path(__file__).parents[1] / "data"
ROWS = [line.split("|") for line in (DATA / "phrases.psv").read_text().splitlines()[1:]]
HEARD = [line.split("|") for line in (DATA / "heard.psv").read_text().splitlines() if line and not line.startswith("#")]

TOPICS = {
    "MARRY": {"marriage_abroad"},
    "JOB": {"job_offer_check", "before_you_go"},
    "HOTLINE": {"hotline"},
    "LEGAL": {"legal"},
    "DOCS": {"documents"},
    "LIVELI": {"livelihood"},
    "RETURN": {"returnee"},
    "TIP": {"report_suspicion"},
    "STOP": {"stop"},
    "EXIT": {"quick_exit"},
    "HUMAN": {"human"},
}


def hear(text: str) -> Meaning:
    return understand(text, LEXICON)


@pytest.mark.parametrize(("name", "text", "level"), [(r[0], r[1], int(r[3])) for r in ROWS if int(r[3]) >= 3])
def test_every_urgent_phrase_is_raised_or_asked_about_at_its_level(name: str, text: str, level: int) -> None:
    """Recall for level 3 and 4 is complete."""
    meaning = hear(text)
    assert meaning.action in ("raise", "ask"), name
    assert meaning.level >= min(level, 3), name


def test_nearly_all_mortal_danger_is_raised_at_level_four() -> None:
    """At most two of the level 4 phrases are heard as level 3 only."""
    low = [row[1] for row in ROWS if int(row[3]) == 4 and hear(row[1]).level < 4]
    assert len(low) <= 2, low


@pytest.mark.parametrize(("name", "text"), [(r[0], r[1]) for r in ROWS if int(r[3]) == 2])
def test_every_phrase_of_exploitation_is_raised_or_asked_about(name: str, text: str) -> None:
    """Level 2 is never taken for small talk."""
    assert hear(text).action in ("raise", "ask"), name
    assert hear(text).level >= 2, name


def test_no_harmless_phrase_is_believed_to_be_danger_and_few_are_asked_about() -> None:
    """On the 45 negatives: 0 raised, at most 10 questions (today 1)."""
    meanings = [hear(row[1]) for row in ROWS if row[2] == "NEG"]
    assert len(meanings) == 45
    assert sum(meaning.action == "raise" for meaning in meanings) == 0
    assert sum(meaning.action == "ask" for meaning in meanings) <= 2


def test_calm_phrases_of_every_kind_are_not_raised() -> None:
    """Questions of level 0 and 1 are answered, not treated as cries."""
    raised = [row[1] for row in ROWS if int(row[3]) <= 1 and hear(row[1]).action == "raise"]
    assert raised == []


@pytest.mark.parametrize(("name", "text", "intent"), [(r[0], r[1], r[2]) for r in ROWS if r[2] in TOPICS])
def test_a_phrase_leads_to_its_topic(name: str, text: str, intent: str) -> None:
    """Every labelled question is routed."""
    assert hear(text).topic in TOPICS[intent], name


def teencode(text: str) -> str:
    """Shorten the words that everybody shortens."""
    short = {"em": "e", "không": "ko", "chồng": "ck", "được": "dc", "người": "ng", "rồi": "r", "với": "vs", "gì": "j"}
    return " ".join(short.get(word, word) for word in text.split())


def slip(text: str) -> str:
    """Change two letters of the longest word about."""
    words = text.split()
    place = max(range(len(words)), key=lambda index: len(words[index]))
    word = words[place]
    words[place] = f"{word[0]}{word[2]}{word[1]}{word[3:]}" if len(word) > 3 else word
    return " ".join(words)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as typed": str,
    "capitals": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "no tones": fold,
    "teencode": teencode,
    "no tones and teencode": lambda text: fold(teencode(text)),
    "telex left over": lambda text: " ".join(telex(word, tone_last=True) for word in text.split()),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_cries_are_heard_in_every_spelling(spelling: str) -> None:
    """At least 98 of 100 cries, however they are typed (the misses are listed)."""
    cries = [row[1] for row in ROWS if int(row[3]) >= 3] + [text for kind, text in HEARD if kind == "cry"]
    missed = [typed for typed in map(SPELLINGS[spelling], cries) if hear(typed).action == "calm"]
    assert len(missed) <= 0.02 * len(cries), missed


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_calm_messages_stay_calm_in_every_spelling(spelling: str) -> None:
    """At most 2 of 100 calm messages are raised, however they are typed."""
    calm = [row[1] for row in ROWS if row[2] == "NEG"] + [text for kind, text in HEARD if kind == "calm"]
    raised = [typed for typed in map(SPELLINGS[spelling], calm) if hear(typed).action == "raise"]
    assert len(raised) <= 0.02 * len(calm), raised


def test_most_cries_survive_a_slip_of_the_finger() -> None:
    """Two letters changed about in the longest word: nine of ten cries are still heard."""
    cries = [text for kind, text in HEARD if kind == "cry"]
    missed = [typed for typed in map(slip, cries) if hear(typed).action == "calm"]
    assert len(missed) <= 0.1 * len(cries), missed


def test_questions_are_routed() -> None:
    """At least nineteen of twenty questions of our own collection lead to their topic."""
    asked = [(kind, text) for kind, text in HEARD if kind not in ("cry", "calm")]
    wrong = [(text, kind, hear(text).topic) for kind, text in asked if hear(text).topic != kind]
    assert len(wrong) <= 0.05 * len(asked), wrong
