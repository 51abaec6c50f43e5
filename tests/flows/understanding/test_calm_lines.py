"""The form of the calm messages: `calm.psv` was written line by line before any rule or weight was looked at."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from flows.text.letters import fold

HEADER, *LINES = (Path(__file__).parents[1] / "data/understanding/calm.psv").read_text().splitlines()
ROWS = [line.split("|") for line in LINES]
TALK = {"greeting", "thanks", "smalltalk", "family", "voice"}
DAILY_LIFE = {"food", "farm", "price", "sport", "game", "song", "news", "review", "advert"}
MANNER = {"joke", "slang", "exaggeration", "swearing"}
QUESTIONS = {"question_papers", "question_work", "question_law", "question_health", "question_topic"}
LONG_AGO = {"past", "third_person"}
BRIEF = {"short", "emoji"}
TOLD_IN_WORDS = TALK | DAILY_LIFE | MANNER | QUESTIONS | LONG_AGO
SENTENCE = 4


def folded(row: list[str]) -> list[str]:
    """Split a message into words, without case and tones."""
    return fold(row[0]).split()


def with_one_word_open(words: list[str]) -> list[str]:
    """Leave out each word in turn, and keep its place."""
    return [" ".join([*words[:place], "_", *words[place + 1 :]]) for place in range(len(words))]


def repeated(texts: list[str]) -> list[str]:
    return [text for text, times in Counter(texts).items() if times > 1]


def test_every_line_is_a_message_and_its_kind() -> None:
    """Two fields below the header, and a message has between 1 and 400 characters."""
    assert HEADER == "text|kind"
    assert [row for row in ROWS if len(row) != 2 or not 1 <= len(row[0].strip()) <= 400] == []


def test_there_are_enough_lines_to_count_false_alarms_by() -> None:
    """One line in six hundred is less than a fifth of a per cent."""
    assert len(ROWS) >= 600


def test_no_message_is_written_twice() -> None:
    """Case and tones aside: the same words without tones would be counted as another message."""
    assert repeated([" ".join(folded(row)) for row in ROWS]) == []


def test_no_two_sentences_differ_by_one_word() -> None:
    """A template with a changing word would weigh one mistake many times."""
    sentences = [words for words in map(folded, ROWS) if len(words) >= SENTENCE]
    assert repeated([text for words in sentences for text in set(with_one_word_open(words))]) == []


def test_every_kind_is_known_and_has_at_least_ten_messages() -> None:
    """Emoji and one-word answers need not be so many."""
    kinds = Counter(kind for _, kind in ROWS)
    assert kinds.keys() == TOLD_IN_WORDS | BRIEF
    assert {kind: kinds[kind] for kind in TOLD_IN_WORDS if kinds[kind] < 10} == {}
