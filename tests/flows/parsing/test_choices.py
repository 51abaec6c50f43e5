"""Typed answers: numbers in any dress, labels, and parts of labels; nothing else is an answer."""

from __future__ import annotations

import pytest

from flows.checks.graph import FlowGraph
from flows.engine.conversation import Conversation
from flows.model.messages import Choice
from flows.parsing.choices import is_label, match, match_part
from flows.rendering.pagination import numbered, paged
from flows.text.letters import fold
from tests.flows.standings import standing, type_

YES_NO = (Choice("Có", "yes", "danger"), Choice("Không", "no"), Choice("Không biết", "unsure"))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("1", "yes"), ("1.", "yes"), (" 1 ", "yes"), ("1)", "yes"), ("số 1", "yes"), ("so 1", "yes"), ("1️⃣", "yes")),
        *(("１", "yes"), ("2", "no"), ("3", "unsure"), ("4", None), ("0", None), ("12", None)),
        *(
            ("có", "yes"),
            ("Có", "yes"),
            ("CÓ", "yes"),
            ("co", "yes"),
            ("có ạ", "yes"),
            ("dạ có", "yes"),
            ("Có.", "yes"),
        ),
        *(("không", "no"), ("khong", "no"), ("ko", "no"), ("k", "no"), ("hông", "no"), ("dạ không ạ", "no")),
        *(("không biết", "unsure"), ("khong biet", "unsure"), ("ko biet", "unsure"), ("em không biết ạ", "unsure")),
        *(("vâng", "yes"), ("ừ", "yes"), ("đúng rồi", "yes"), ("yes", "yes"), ("không có", "no"), ("no", "no")),
        *(("1 Có", "yes"), ("1. Có", "yes"), ("1.co", "yes"), ("2) khong", "no"), ("3 - Không biết", "unsure")),
        *(("số 2", "no"), ("2 Có", None), ("1 người", None), ("4 Có", None)),
        *(("một", "yes"), ("Hai ạ", "no"), ("số hai", "no"), ("chọn ba", "unsure"), ("mot", "yes"), ("hai.", "no")),
        *(("ba ơi", None), ("hại", None), ("bốn", None), ("hai người", None), ("nam", None)),
        *(("", None), ("?", None), ("ừm", None), ("cứu em với", None), ("dung", None), ("có không", None)),
    ],
)
def test_numbers_labels_and_labels_without_tones_are_answers(typed: str, value: str | None) -> None:
    """Everything a woman may type to one question, and nothing else, is an answer to it."""
    choice = match(typed, YES_NO)
    assert (choice.value if choice else None) == value


def test_labels_that_only_tones_keep_apart_are_never_guessed_between() -> None:
    """Without tones two labels are the same: nobody chooses for her."""
    prompt = (Choice("Bán", "sell"), Choice("Bạn", "friend"))
    assert match("ban", prompt) is None
    assert match("bạn", prompt) == prompt[1]


@pytest.mark.parametrize(
    ("typed", "value"), [("tối", "evening"), ("tối ạ", "evening"), ("toi", "evening"), ("tôi", "")]
)
def test_one_word_with_its_tone_is_a_label_with_the_same(typed: str, value: str, content: Conversation) -> None:
    """ "Tôi" is nobody's evening."""
    choice = match(typed, standing(content, "Agreement:hours").session.prompt)
    assert (choice.value if choice else "") == value


def test_ok_under_a_question_of_danger_is_no_yes() -> None:
    """It may as well mean that all is well: it is asked again. Elsewhere it agrees."""
    assert match("ok", YES_NO) is None
    assert match("ok", (Choice("Có", "yes"), Choice("Không", "no"))) is not None


def test_without_a_question_nothing_is_an_answer() -> None:
    """An empty prompt, or a whole letter, matches nothing."""
    assert match("1", ()) is None
    assert match("có " * 100, YES_NO) is None


LABELLED = (
    *("{}", "{}.", "“{}”", "- {}", "{} ạ", "{} chị ạ", "{} nhé", "dạ {}", "em chọn {}", "{} đi ạ", "{} chị ơi"),
    *("cho em xem {}", "em muốn xem {}", "chị cho em {} với", "{} cảm ơn chị", "em xin {} ạ"),
)
"""How a label is typed by somebody polite."""


@pytest.mark.parametrize("around", LABELLED)
@pytest.mark.parametrize("state", ["Menu:menu", "Papers:choose", "GetHelp:where", "Returning:choose", "Dialogue:topic"])
def test_a_label_between_small_words_is_that_answer(around: str, state: str, content: Conversation) -> None:
    """With tones and without, whatever is polite around it."""
    prompt = standing(content, state).session.prompt
    for choice in prompt:
        if len(choice.label.split()) > 1:
            for label in (choice.label, choice.label.lower(), fold(choice.label)):
                assert match(around.format(label), prompt) == choice, label


@pytest.mark.parametrize(
    ("state", "typed", "value"),
    [
        *(("Papers:choose", "khai sinh", "birth"), ("Papers:choose", "bảo hiểm", "insurance")),
        *(("Papers:choose", "ly hon", "divorce"), ("Papers:choose", "đăng ký", "residence")),
        *(("Livelihood:choose", "tiết kiệm", "savings"), ("Livelihood:choose", "bán hàng", "online")),
        *(
            ("Listening:choose", "chỉ đọc", "read_only"),
            ("Listening:choose", "khmer", "km"),
            ("Tip:when", "tuần này", "week"),
        ),
        *(("Settings:choose", "hay đọc", "listening"), ("Privacy:shared", "chỉ mình", "only_me")),
        *(("Pages:speak", "buổi họp", "question_box"), ("Topics:safety", "xem lời mời", "")),
        *(("Papers:choose", "giấy", ""), ("Papers:choose", "ly hôn rồi", ""), ("Papers:choose", "bao hiệm", "")),
        *(("Missing:choose", "đòi", ""), ("Tip:kind", "có", ""), ("Listening:choose", "đọc thử", "")),
    ],
)
def test_a_part_of_one_label_is_enough(state: str, typed: str, value: str, content: Conversation) -> None:
    """Words that stand in one label only, as they stand there; one word where the label has no more than two."""
    choice = match_part(typed, standing(content, state).session.prompt)
    assert (choice.value if choice else "") == value


@pytest.mark.parametrize(
    "told",
    [
        *(
            "em muốn hỏi giấy khai sinh cho con bị mất",
            "không có giấy tờ gì hết",
            "về nhà rồi em kể",
            "2 đứa con em bị nhốt",
        ),
        *("2 chị em", "hai mẹ con em", "ba em đánh", "em ở nhà số 2", "nhà có 3 người", "năm nay em 19", "chị hai ơi"),
    ],
)
def test_a_story_with_words_of_an_answer_is_no_answer(told: str, content: Conversation) -> None:
    """At no question of any flow."""
    graph = FlowGraph(content.groups, content.library)
    for state in content.states.values():
        prompt = paged(graph.choices(state), ("…", "…"))
        assert match(told, prompt) is None, state.state
        assert match_part(told, prompt) is None, state.state


def test_every_number_on_a_screen_is_heard_in_every_dress(content: Conversation) -> None:
    """Digits, words, circles, keys: at every question what the plain digit leads to."""
    dresses = (
        "{0}.",
        "số {0}",
        "câu {0} ạ",
        "({0})",
        "{0})",
        "em chọn số {0} ạ",
        "{1}",
        "cái thứ {2}",
        "bấm {0}",
        "{3}",
    )
    for state in content.states:
        prompt = paged(standing(content, state).session.prompt, ("…", "…"))
        for number, choice in enumerate(numbered(prompt), 1):
            word = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")[number - 1]
            for dress in dresses:
                typed = dress.format(number, word, {1: "nhất", 4: "tư"}.get(number, word), "①②③④⑤⑥⑦⑧⑨"[number - 1])
                assert match(typed, prompt) == choice, (state, typed)


def test_her_own_label_leaves_the_news_and_not_everything(content: Conversation) -> None:
    """ "Thôi nhận tin của thôn" holds the words of a stop: as the label it is, it means what it says."""
    at = standing(content, "Village:listening")
    assert is_label("Thôi nhận tin của thôn.", at.session.prompt)
    assert not type_(content, at, "Thôi nhận tin của thôn")[0].session.stopped
    assert type_(content, at, "thôi không nhận tin nữa")[0].session.stopped


@pytest.mark.parametrize(
    ("sent", "value"),
    [("😀", "good"), ("😟", "hard"), ("😟😟", "hard"), ("⏭️", "skip"), ("😡", ""), ("😀😟", "")],
)
def test_the_sign_of_a_label_is_that_answer(sent: str, value: str, content: Conversation) -> None:
    """A phone with a keyboard of faces needs no letter."""
    choice = match(sent, standing(content, "CheckIn:garden").session.prompt)
    assert (choice.value if choice else "") == value
