"""Offer checkers: the sums of the protocol, in no case "safe", and nothing of the answers left behind."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import Say
from flows.tables import CHECKERS, result_of
from tests.flows.standings import Standing, said, standing, type_

JOB = CHECKERS["job"]
NUMBER = {"yes": "1", "no": "2", "unsure": "3", "skip": "4"}
SAFE = ("an toàn", "safe", "yên tâm", "tin được", "no risk")


def answers(risky: str = "", unsure: str = "") -> str:
    """Answer every question of the job checker calmly but for those numbered (from 1, with spaces)."""
    bad, open_ = ({int(n) for n in numbers.split()} for numbers in (risky, unsure))
    letters = []
    for number, question in enumerate(JOB.questions.values(), 1):
        against, calm = ("y", "n") if question.risk == "yes" else ("n", "y")
        letters.append("u" if number in open_ else against if number in bad else calm)
    return "".join(letters)


@pytest.mark.parametrize(
    ("given", "points", "level"),
    [
        pytest.param(answers(), 0, "green", id="nothing against it"),
        pytest.param(answers("1 2 3 4 5 6 7 8 9 10 11"), 126, "red", id="everything against it"),
        pytest.param(answers("8"), 12, "green", id="only a fee"),
        pytest.param(answers("1 3 9"), 30, "amber", id="pay, contract, licence"),
        pytest.param(answers("7"), 15, "red", id="papers kept: hard"),
        pytest.param(answers("11"), 12, "red", id="under eighteen: hard, below amber"),
        pytest.param(answers(unsure="11"), 6, "amber", id="perhaps under eighteen"),
        pytest.param("u" * 11, 63, "amber", id="nothing known: no accusation"),
        pytest.param("s" * 11, 0, "unclear", id="everything skipped"),
        pytest.param(answers()[:5] + "s" * 6, 0, "unclear", id="five answers"),
        pytest.param(answers()[:6] + "s" * 5, 0, "green", id="six answers"),
        pytest.param("", 0, "unclear", id="nothing asked"),
    ],
)
def test_the_answers_come_to_what_the_protocol_says(given: str, points: float, level: str) -> None:
    """Weights, half a weight for not knowing, hard rules, and how many answers are enough."""
    assert (result_of(JOB, given).points, result_of(JOB, given).level) == (points, level)


@pytest.mark.parametrize("kind", CHECKERS)
def test_every_checker_can_come_to_every_result(kind: str) -> None:
    """All calm is green, all risky is red, one soft risk more than amber's points is amber, silence is unclear."""
    checker = CHECKERS[kind]
    questions = checker.questions.values()
    calm = "".join("n" if question.risk == "yes" else "y" for question in questions)
    risky = "".join("y" if question.risk == "yes" else "n" for question in questions)
    half = "".join("u" if question.hard else letter for question, letter in zip(questions, calm, strict=True))
    assert [result_of(checker, letters).level for letters in (calm, risky, "s" * len(calm))] == [
        "green",
        "red",
        "unclear",
    ]
    assert result_of(checker, half[: 1 + [q.hard for q in questions].index(True)]).level == "amber"


def test_the_heaviest_reasons_are_told_first(content: Conversation) -> None:
    """Hard ones before the others, then by weight; what she does not know stands apart."""
    found = result_of(JOB, answers("1 6 8", unsure="2"))
    assert found.because == ("why.path", "why.money_first", "why.too_good")
    assert found.unsure == ("check_job.company",)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_result_says_that_an_offer_is_safe(lang: str, content: Conversation) -> None:
    """Not in the words of any result, in no language, whatever the answers."""
    for level in ("red", "amber", "green", "unclear"):
        words = content.result(f"checker_{level}", (), (), lang).text.lower()
        assert not any(word in words for word in SAFE), level


@pytest.mark.parametrize("kind", CHECKERS)
@pytest.mark.parametrize("answer", NUMBER)
def test_a_checker_keeps_nothing_and_ends_beside_help(kind: str, answer: str, content: Conversation) -> None:
    """One answer to all questions: only words come of it, help is on offer at the end, and leaving leaves nothing."""
    her = standing(content, "Checker:choose")
    for word in (str(1 + list(CHECKERS).index(kind)), *(("1",) if kind in ("marriage", "surrogacy") else ())):
        her, _ = type_(content, her, word)
    for _ in CHECKERS[kind].questions:
        her, effects = type_(content, her, NUMBER[answer])
        assert all(isinstance(effect, Say) for effect in effects)
    assert her.session.state in ("Checker:red", "Checker:amber", "Checker:green", "Checker:unclear")
    assert "human" in [choice.value for choice in her.session.prompt]
    for word in ("menu", "mình cần giúp", "cứu em với", "xx"):
        left, _ = type_(content, her, word)
        assert not any(key.startswith("Checker.") for key in left.session.data), word


def test_an_answer_is_gone_with_its_flow(content: Conversation) -> None:
    """Whatever other flow is entered, by whatever word: nothing that a flow noted for itself comes along."""
    noted = {"Checker.answers": "yn", "Tip.kind": "held", "Dialogue.text": "đường", "where": "vn"}
    for word in ("mình cần giúp", "trước khi đi làm xa cần chuẩn bị gì", "dừng", "88", "cứu em với"):
        her = Standing().but(state="Menu:menu", data=noted, prompt=(), on_duty=True)
        after, _ = type_(content, her, word)
        assert not {"Checker.answers", "Tip.kind", "Dialogue.text"} & set(after.session.data), word


def test_a_red_result_with_nobody_on_duty_leads_to_who_answers(content: Conversation) -> None:
    """Help offered is help there: the hand-off of her place, with numbers."""
    her = standing(content, "Checker:red", on_duty=False, place="vn")
    after, effects = type_(content, her, "0")
    assert after.session.state == "GetHelp:alone"
    assert said(effects)[-1].phones
