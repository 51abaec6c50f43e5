"""The larger labelled sets: what share of cries is heard, how few calm messages are raised, where questions lead.

`developed.psv` is what rules and weights were made from. `held_back.psv` was written before all of them and looked at
once, at the end; `fresh.psv` was written after them, and only the threshold was chosen with an eye on it. The floors
are what was reached; a change that falls below one has lost somebody's words.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from flows.understanding import understand, understanding_of
from flows.understanding.evaluation import URGENT, Evaluated, LabelError, evaluate, read_rows, report
from tests.support.content import library

LEXICON = library().lexicon
DATA = Path(__file__).parents[1] / "data"
SETS = {name: DATA / "understanding" / f"{name}.psv" for name in ("developed", "held_back", "fresh")}
FILES = {**SETS, "phrases": DATA / "phrases.psv", "veiled": DATA / "understanding/veiled.psv"}
CRIES_HEARD = {"developed": 99.5, "held_back": 96.5, "fresh": 89.5}
CALM_RAISED = {"developed": 0.2, "held_back": 1.0, "fresh": 0.5}
CALM_ASKED = {"developed": 11.5, "held_back": 9.0, "fresh": 9.5}
ROUTED = {"developed": 96.5, "held_back": 98.0, "fresh": 97.0}


@cache
def evaluated(name: str) -> list[Evaluated]:
    """Judge a file, once and not before it is asked for."""
    return evaluate(read_rows(FILES[name].read_text()), LEXICON)


def percent(right: list[bool]) -> float:
    return 100 * sum(right) / len(right)


@pytest.mark.parametrize("name", SETS)
def test_nearly_every_cry_is_raised_or_asked_about(name: str) -> None:
    """In per cent of the phrases of level 2 and above."""
    heard = [one.heard for one in evaluated(name) if one.row.level >= URGENT]
    assert percent(heard) >= CRIES_HEARD[name]


@pytest.mark.parametrize("name", SETS)
def test_hardly_a_calm_message_is_raised_and_few_are_asked_about(name: str) -> None:
    """In per cent of the phrases below level 2: thanks, films, farming, questions."""
    calm = [one.meaning.action for one in evaluated(name) if one.row.level < URGENT]
    assert percent([action == "raise" for action in calm]) <= CALM_RAISED[name]
    assert percent([action == "ask" for action in calm]) <= CALM_ASKED[name]


@pytest.mark.parametrize("name", SETS)
def test_questions_lead_to_their_topic(name: str) -> None:
    """In per cent of the phrases that have a topic."""
    routed = [one.meaning.topic in one.row.topics for one in evaluated(name) if one.row.topics]
    assert percent(routed) >= ROUTED[name]


def test_the_report_counts_what_was_judged() -> None:
    """The file of the protocol: every cry heard, nothing harmless raised, and no miss left to print."""
    figures = report(evaluated("phrases"))
    assert figures["negatives"] == {"phrases": 45, "raised": 0, "asked": 2}
    assert figures["misses"] == {
        "not heard": [],
        "heard at a lower level": [],
        "raised for nothing": [],
        "led astray": [],
    }


def test_a_miss_is_printed_with_what_was_understood() -> None:
    """Each wrong phrase stands under its kind of mistake, so that it can be read and generalised."""
    rows = read_rows(
        "text|intent|min_level|topic\nxin chào|HELP|3|\ncứu em với|NEG|0|\nvay vốn|LEGAL|0|legal/documents\n"
    )
    misses = report(evaluate(rows, LEXICON))["misses"]
    assert isinstance(misses, dict)
    assert misses["not heard"] == ["xin chào → calm 0 - (courtesy.greeting)"]
    assert misses["raised for nothing"] == ["cứu em với → raise 3 - (help.plea)"]
    assert [line.split(" → ")[0] for line in misses["led astray"]] == ["vay vốn"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "line 1: name the columns"),
        ("text|level\na|3\n", "line 1: name the columns"),
        ("text|intent|min_level\na|HELP|three\n", "line 2: expected text|intent|min_level"),
        ("text|intent|min_level\na|HELP|3\nb\n", "line 3: expected"),
    ],
)
def test_a_labelled_file_that_cannot_be_read_is_refused_with_its_line(text: str, wrong: str) -> None:
    """Whoever made the file is told where to look."""
    with pytest.raises(LabelError, match=wrong.replace("|", r"\|")):
        read_rows(text)


def test_every_rule_is_met_by_a_labelled_phrase() -> None:
    """A rule that no phrase of ours meets is untested: write down the phrase it was made for."""
    judging = understanding_of(LEXICON)
    lines = [line for name in ("heard", "whoever_holds_the_phone") for line in (DATA / f"{name}.psv").open()]
    heard = [line.strip().partition("|")[2] for line in lines if line[:1] != "#"]
    texts = [one.row.text for name in FILES for one in evaluated(name)] + heard
    met = {rule for text in texts for rule in judging.rules_met(text)}
    assert {rule.id for rule in LEXICON.rules} - met == {"dung"}  # toneless "dung" has its own table in rule 17


@pytest.mark.parametrize("text", ["ab", "hoa mai", "NC-ABCD-2345", "không biết", "áo xanh", "17", "", "   ", "?"])
def test_a_name_a_code_or_a_short_answer_leans_nowhere(text: str) -> None:
    """Weights speak of messages that say something; an answer to our question is left to the question."""
    meaning = understand(text, LEXICON)
    assert (meaning.action, meaning.topic) == ("calm", None)


@pytest.mark.parametrize(
    "text",
    [
        "bộ phim về cô gái bị bán sang nước ngoài hay lắm",
        "bài văn phân tích nhân vật bị bắt làm vợ",
        "thời sự nói công an giải cứu nhiều phụ nữ bị lừa bán",
        "hồi xưa em bị chồng đánh giờ ổn rồi",
    ],
)
def test_a_tale_is_never_believed_to_be_happening(text: str) -> None:
    """Films, homework, the news and what is long over are at most asked about."""
    assert understand(text, LEXICON).action != "raise"


@pytest.mark.parametrize(
    "text",
    [
        "đi vệ sinh cũng phải báo, có người đứng đợi ngoài cửa",
        "đi tắm cũng phải báo, có lính đứng canh ngoài cửa",
        "chị em ở Đài về, người ta bắt nợ tiền vé, đêm nào cũng gọi dọa",
        "bật nhạc với phim cho to để họ không nghe em khóc",
    ],
)
def test_what_only_reads_like_a_tale_is_asked_about(text: str) -> None:
    """To report, Taiwan and a film that drowns her voice are the words of news and films too."""
    assert understand(text, LEXICON).action == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "em xem phim rồi, em cũng bị bán",
        "em đọc truyện này rồi, giống em, em đang bị nhốt",
        "hôm nay học vui lắm, em chia sẻ bài này, mà cứu em với, em bị nhốt",
    ],
)
def test_a_tale_that_is_also_hers_is_believed(text: str) -> None:
    """Who speaks of herself after the film is not told to watch it to the end."""
    assert understand(text, LEXICON).action == "raise"
