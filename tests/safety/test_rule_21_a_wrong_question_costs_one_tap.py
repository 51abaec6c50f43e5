"""Safety rule 21: doubt asks nothing and opens nothing, whatever calm words follow; a doubted cry sees the numbers."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cache
from itertools import cycle
from pathlib import Path

import pytest

from content.directory.numbers import chosen
from flows.engine.conversation import Conversation
from flows.engine.routing import CRY
from flows.features.doubt import DOUBT
from flows.model.effects import HELP, Effect, OpenCase, Say
from flows.model.facts import CaseSeen
from flows.rendering.render import render
from flows.understanding import understand, understanding_of
from tests.flows.standings import DOUBTED, NOW, PLACES, Standing, doubting, said, standing, type_
from tests.flows.understanding.test_labelled import LEXICON, evaluated

CALM = Path(__file__).parents[1] / "flows/data/understanding/calm.psv"
NO = "không"
HOW_SHE_ANSWERS = {"no": (True,), "nothing": (False,), "half": (True, False)}
QUESTIONS = ("Cry:danger", "Despair:asked", "Cry:unseen")
HELPLESS = ("em cần giúp đỡ", "nó sắp về rồi", "bế tắc")
"""What a rule hears as a cry and only asks about."""


@cache
def calm_lines() -> list[str]:
    """Return the calm messages in which no rule hears a cry, a harm or the wish for a human, and that are no answer."""
    lines = [line.rpartition("|")[0] for line in CALM.read_text().splitlines()[1:]]
    answer = understanding_of(LEXICON).answer
    told = [line for line in lines if not line.strip().isdecimal() and not answer(line, about_danger=True)]
    meant = ((line, understand(line, LEXICON)) for line in told)
    return [line for line, one in meant if not one.command and one.topic != "human" and doubted_or_calm(line)]


def doubted_or_calm(line: str) -> bool:
    """Say whether no rule hears harm in a line."""
    meaning = understand(line, LEXICON)
    return meaning.action == "calm" or meaning.rule == DOUBT


def opened(effects: list[Effect]) -> list[int]:
    """Return the levels at which a case is opened."""
    return [effect.level for effect in effects if isinstance(effect, OpenCase)]


@pytest.mark.parametrize("how", HOW_SHE_ANSWERS)
def test_doubt_opens_nothing_whatever_calm_words_follow(how: str, content: Conversation) -> None:
    """Two hundred talks: a doubt first, then calm lines drawn blindly; no danger question, no case."""
    draw, doubts = random.Random(21), doubting(content)
    assert [text for text in DOUBTED if understand(text, doubts.lexicon).rule != DOUBT] == []
    for number in range(200):
        her, now, answers = standing(content, "Menu:menu", on_duty=bool(number % 2)), NOW, cycle(HOW_SHE_ANSWERS[how])
        for place, text in enumerate((draw.choice(DOUBTED), *draw.sample(calm_lines(), 5))):
            now += timedelta(minutes=1)
            her, effects = type_(content if place else doubts, her, text, now)
            assert opened(effects) == [], (number, place)
            assert her.session.state not in QUESTIONS, (number, place)
            assert place or her.session.offered is not None, text
            if her.session.prompt and next(answers):
                her, effects = type_(content, her, NO, now)
                assert opened(effects) == [], (number, place)


def test_a_flood_of_doubt_from_one_account_opens_nothing(content: Conversation) -> None:
    """Two hundred doubtful messages within minutes; she is offered help each time and asked nothing."""
    her, now, doubts = Standing().but(on_duty=True), NOW, doubting(content)
    for text in (DOUBTED * 25)[:200]:
        now += timedelta(seconds=2)
        her, effects = type_(doubts, her, text, now)
        assert opened(effects) == []
        assert her.session.offered is not None
        assert her.session.state not in QUESTIONS


@pytest.mark.parametrize("text", HELPLESS)
@pytest.mark.parametrize("place", PLACES)
def test_a_cry_that_is_doubted_sees_the_numbers_with_the_question(text: str, place: str, content: Conversation) -> None:
    """In one message on every channel, before everything that waits, with two bodies, and abroad where she may be."""
    at_home = [one.numbers[0].number for one in chosen(content.library.services.values(), "vn", "emergency")]
    for lang in ("vi", "en"):
        her = standing(content, "Menu:menu", lang, place=place)
        after, effects = type_(content, her, text)
        assert opened(effects) == []
        [question] = said(effects)
        assert {"yes", "no"} <= {choice.value for choice in question.choices}
        assert [effect.priority for effect in effects if isinstance(effect, Say)] == [HELP]
        assert len(question.phones) >= 2
        if place != "vn":
            assert any(phone.startswith("+") for phone in question.phones)
        if place in ("", "vn"):
            assert set(at_home[:2]) <= set(question.phones)
        for limits in content.library.limits.values():
            assert len(render(question, limits, after.session.nonce)) == 1


def test_no_after_a_rule_asked_leads_to_what_she_asked_or_the_menu(content: Conversation) -> None:
    """Over all labelled phrases: only words that ask for help lead to the door of help, and despair to its offer."""
    doors = {"GetHelp:entry": "HELP", "GetHelp:alone": "HELP", "GetHelp:offer": "SUICIDE"}
    nets = {rule.id for rule in LEXICON.rules if rule.net}
    for one in evaluated("developed"):
        meaning = one.meaning
        if meaning.action == "ask" and meaning.level >= CRY and meaning.rule != DOUBT:
            asked, _ = type_(content, standing(content, "Menu:menu"), one.row.text)
            after, effects = type_(content, asked, NO)
            assert opened(effects) == [], one.row.text
            if after.session.state in doors and meaning.topic != "human":
                assert meaning.intent == doors[after.session.state], one.row.text
                assert meaning.intent == "SUICIDE" or meaning.rule not in nets, one.row.text


@pytest.mark.parametrize("words", ["em nhầm", "em gửi nhầm", "nhắn nhầm máy ạ"])
def test_a_mistake_takes_back_what_doubt_offered_and_nothing_else(words: str, content: Conversation) -> None:
    """The offer is gone; a question that a rule asked stands, and so does a case."""
    offered, _ = type_(doubting(content), standing(content, "Menu:menu"), DOUBTED[0])
    after, effects = type_(content, offered, words)
    assert (after.session.offered, opened(effects)) == (None, [])
    asked, _ = type_(content, standing(content, "Menu:menu"), HELPLESS[0])
    after, effects = type_(content, asked, words)
    assert (after.session.state, opened(effects)) == ("Cry:danger", [])
    her = standing(content, "GetHelp:queued", case=CaseSeen("c1", "K7M2", 3))
    assert type_(content, her, words)[0].facts.case == her.facts.case
