"""Every answer of every question, in every dress it is typed in, does what its plain number does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, Effect, Reachable, RecordConsent
from flows.model.facts import CaseSeen
from flows.model.messages import Choice
from flows.parsing.yes_no import UNKNOWN
from flows.rendering.pagination import numbered, paged
from flows.text.letters import fold
from flows.understanding import understand
from tests.flows.standings import Standing, standing, type_

OPEN = CaseSeen("c1", "K7M2", 3)
WORDS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
ORDINALS = {1: "nhất", 4: "tư"}

NUMBERED = (
    *("{n}.", "{n})", "({n})", "#{n}", "{n}️⃣", "{circle}", "số {n}", "số {n} ạ", "so {n} a", "{n} ạ", "dạ {n}"),
    *("{word}", "{word} ạ", "số {word}", "câu {n}", "em chọn {n}", "em chọn số {n} ạ", "chọn {n} nhé", "bấm {n}"),
    *("cái thứ {ordinal}", "{n}. {label}", "{n} {label}", "{n} - {label}", "{n}. {plain}", "{n}, cảm ơn chị"),
)
LABELLED = (
    *(
        "{label}",
        "{plain}",
        "{loud}",
        "{label}.",
        "“{label}”",
        "{label} ạ",
        "dạ {label}",
        "dạ {label} ạ",
        "{label} nhé",
    ),
    *("em chọn {label}", "{label} chị ơi", "{label}, cảm ơn chị"),
)
LONGER = ("cho em {label}", "cho em xem {plain} với ạ", "em muốn {label}")
"""What is only asked of labels of several words."""

YES = (
    *("có ạ", "dạ có", "vâng ạ", "dạ vâng", "đúng rồi ạ", "phải ạ", "ừ có", "có chứ", "có đó chị", "co a", "da co"),
    *("tất nhiên là có", "chắc chắn có", "có luôn", "có, cảm ơn chị", "rồi ạ", "CÓ"),
)
NO = (
    *("dạ không", "không ạ", "không có", "không phải ạ", "chưa ạ", "hông có", "ko ạ", "khong a", "không đâu", "đâu có"),
    *("làm gì có", "không hề", "không chị ơi", "không, cảm ơn chị", "không bao giờ", "hổng có"),
)
NOT_KNOWN = ("không biết ạ", "không rõ", "ko bít", "hổng biết", "không nhớ", "em quên rồi", "chịu", "không chắc")


def questions(content: Conversation, case: CaseSeen | None) -> Iterator[Standing]:
    """Yield somebody at the question of every state, as much of it as fits on a screen."""
    for state in content.states:
        at = standing(content, state, case=case)
        yield at.but(prompt=paged(at.session.prompt, "Xem thêm"))


def led(content: Conversation, at: Standing, typed: str) -> tuple[str, list[Effect]]:
    """Return where words lead and what they do, but for the sign of life that any word is."""
    after, effects = type_(content, at, typed)
    return after.session.state, [effect for effect in effects if not isinstance(effect, Reachable)]


def dressed(dress: str, number: int, choice: Choice) -> str:
    """Return an answer as somebody types it."""
    word, label = WORDS[number - 1], choice.label
    parts = {"label": label, "plain": fold(label), "loud": label.upper(), "circle": "①②③④⑤⑥⑦⑧⑨"[number - 1]}
    return dress.format(n=number, word=word, ordinal=ORDINALS.get(number, word), **parts)


BESIDE = ("số {n} ạ", "{word}", "cái thứ {ordinal}", "{n}. {plain}", "{label} ạ", "{plain}", "{label}, cảm ơn chị")
"""Dresses that are tried beside an open case too, where other words go to its people."""


@pytest.mark.parametrize(
    ("dress", "case"),
    [*((dress, None) for dress in (*NUMBERED, *LABELLED, *LONGER)), *((dress, OPEN) for dress in BESIDE)],
)
def test_an_answer_in_this_dress_is_the_answer(dress: str, case: CaseSeen | None, content: Conversation) -> None:
    """At every state that asks, for every answer on the screen; one that is a cry is heard as a cry where it is typed.

    Whoever answers with a form of address calls nobody behind it.
    """
    for at in questions(content, case):
        for number, choice in enumerate(numbered(at.session.prompt), 1):
            if understand(choice.label, content.lexicon).action == "raise":
                continue
            if choice.label in ("Chị", "Em", "Anh") and dress == "{label} chị ơi":
                continue
            named = dress in LONGER or ("chọn" in dress and "{label}" in dress)
            if not named or len([word for word in choice.label.split() if word.isalpha()]) > 1:
                typed = dressed(dress, number, choice)
                assert led(content, at, typed) == led(content, at, str(number)), (at.session.state, typed)


@pytest.mark.parametrize("case", [None, OPEN], ids=["without a case", "beside a case"])
@pytest.mark.parametrize(("meant", "words"), [(("yes",), YES), (("no",), NO), (UNKNOWN, NOT_KNOWN)])
def test_yes_no_and_not_knowing_are_heard_in_phrases(
    meant: tuple[str, ...], words: tuple[str, ...], case: CaseSeen | None, content: Conversation
) -> None:
    """At every question that is answered with yes or no."""
    for at in questions(content, case):
        values = [choice.value for choice in at.session.prompt]
        value = next((one for one in meant if one in values), "")
        if value and {"yes", "no"} <= {*values}:
            for typed in words:
                number = values.index(value) + 1
                assert led(content, at, typed) == led(content, at, str(number)), (at.session.state, typed)


def test_not_knowing_in_the_words_of_the_north_is_no_consent_in_those_of_the_south(content: Conversation) -> None:
    """ "Chịu" is "no idea" or "I agree": nothing is kept for it."""
    for state in content.states.values():
        _, effects = type_(content, standing(content, state.state), "chịu ạ")
        assert not any(isinstance(effect, RecordConsent) and effect.given for effect in effects), state.state


STORIES = (
    *("em ở đây nguy hiểm", "con gái em bị bắt", "bỏ em đi", "em sợ quá", "đầu tiên nó đánh em", "17 tuổi bị bán"),
    *(
        "2 đứa con em bị nhốt",
        "thôi em chết đi cho xong",
        "em bị nó đuổi",
        "cái đầu em chảy máu",
        "mẹ em bị đánh",
        "nó về rồi",
    ),
    *(
        "không có chỗ ở, nó đuổi em",
        "hết tiền ăn rồi, con đói",
        "ở campuchia nó đánh em",
        "cuối cùng em cũng trốn được",
    ),
)


@pytest.mark.parametrize("told", STORIES)
def test_a_story_with_the_words_of_an_answer_reaches_the_people_of_her_case(told: str, content: Conversation) -> None:
    """At every question beside an open case but where she chooses a word: what is no answer alone is for them."""
    for at in questions(content, OPEN):
        after, effects = type_(content, at, told)
        chosen = after.session.words != at.session.words
        assert chosen or any(isinstance(effect, AddToCase) for effect in effects), at.session.state
