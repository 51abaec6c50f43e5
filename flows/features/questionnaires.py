"""Questionnaires (checkers, the checklist, quizzes), one question at a time: where she is, what the answers come to.

Answers live only as long as the list is asked; ticks of the checklist are kept where she asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from flows.context import Context
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing, outgoing
from flows.tables import CHECKERS, EXPLANATIONS, Checker, CheckerResult, result_of
from flows.tables.checkers import LETTERS, Question

KIND = "Checker.kind"
"""Where the checker that is asked stands in the data of the flow."""
FIRST_KIND = next(iter(CHECKERS))
"""What is asked about where nothing was begun."""
WHY_ASKED = "courtesy.why"
"""The rule of "why do you ask"."""
CHECKLIST = "checklist"
"""The name of the list of things to do before she goes, as a shelf and among what she asked us to keep."""
LEFT_ONLY = "Checklist.left"
"""That only what is not ticked is asked about."""
CONSENT_TO_TICKS = "checklist"


LISTS = {
    **{f"check_{place}": f"Checker:{place}" for place in ("job", "marriage", "study", "surrogacy", "certain")},
    "checklist": "Checklist:item",
    "quiz": "Quiz:question",
}
"""The states that a list waits in, by the name of the condition that leads back to it (`waits_at_<name>`)."""
HOLDS = timedelta(hours=2)
"""How long a list waits: as long as a talk."""


def topic_of(context: Context, state: State) -> str:
    """Return the shelf of the questions of a state: its own, or that of the checker that was begun."""
    return state.topic or f"check_{context.session.data.get(KIND, FIRST_KIND)}"


def answers_key(group: str) -> str:
    """Return where the letters answered so far stand in the data of a flow."""
    return f"{group}.answers"


def checker_of(context: Context) -> Checker | None:
    """Return the checker whose questions are asked; None when none was begun."""
    return CHECKERS.get(context.session.data.get(KIND, ""))


def answers_now(context: Context) -> str:
    """Return the answers so far, with the one just given; a question answered twice keeps the first answer."""
    noted = context.session.data.get(answers_key(context.session.state.partition(":")[0]), "")
    letter, number = LETTERS.get(context.answer, ""), context.card_number()
    if context.session.data.get(LEFT_ONLY) == "yes" and letter:
        return noted[:number] + letter + noted[number + 1 :]
    return noted + letter if len(noted) == number else noted


def result_now(context: Context) -> CheckerResult | None:
    """Return what the answers given so far come to; None when nothing was asked."""
    checker = checker_of(context)
    return result_of(checker, answers_now(context)) if checker else None


def _begin(kind: str) -> Callable[[Context], None]:
    def begin(context: Context) -> None:
        context.session.data = {"card": "0", KIND: kind}

    begin.__doc__ = f"Begin the questions about an offer of {kind}."
    return begin


for _kind in CHECKERS:
    action(f"begin_{_kind}_check")(_begin(_kind))


@action()
def first_card(context: Context) -> None:
    """Begin the shelf at its first card."""
    context.session.data = {"card": "0"}


@action()
def note_answer(context: Context) -> None:
    """Note the answer just given, as one letter."""
    context.update_data(**{answers_key(context.session.state.partition(":")[0]): answers_now(context)})


@action()
def next_question(context: Context) -> None:
    """Go on to the next question of the list; among what is left, to the next that is left."""
    following = next_left(context, context.card_number() + 1) if LEFT_ONLY in context.session.data else None
    context.update_data(card=str(context.card_number() + 1 if following is None else following))


def next_left(context: Context, first: int) -> int | None:
    """Return the place of the next thing that is not ticked, from `first` on; None after the last."""
    ticks = context.session.data.get(answers_key("Checklist"), "")
    ticks = ticks.ljust(len(context.content.shelf(CHECKLIST)))
    return next((place for place in range(first, len(ticks)) if ticks[place] != LETTERS["done"]), None)


@action()
def first_left(context: Context) -> None:
    """Begin at the first thing that is not ticked; what is ticked stays and is not asked again."""
    key = answers_key("Checklist")
    ticks = context.session.data.get(key) or context.session.kept.get(CHECKLIST, "")
    ticks = ticks.ljust(len(context.content.shelf(CHECKLIST)), LETTERS["skip"])
    context.session.data = {key: ticks, LEFT_ONLY: "yes"}
    context.update_data(card=str(next_left(context, 0) or 0))


@condition()
def more_left(context: Context) -> bool:
    """She ticks only what is left, and something more of it is."""
    return LEFT_ONLY in context.session.data and next_left(context, context.card_number() + 1) is not None


@condition()
def left_only(context: Context) -> bool:
    """She ticks only what is left."""
    return LEFT_ONLY in context.session.data


@condition()
def something_left(context: Context) -> bool:
    """Something of the list is not ticked."""
    ticks = context.session.data.get(answers_key("Checklist")) or context.session.kept.get(CHECKLIST, "")
    return ticks.count(LETTERS["done"]) < len(context.content.shelf(CHECKLIST))


def question_now(context: Context) -> Question | None:
    """Return the question of a checker that she has come to."""
    checker = checker_of(context)
    questions = tuple(checker.questions.values()) if checker else ()
    number = context.card_number()
    return questions[number] if number < len(questions) else None


@condition()
def certain_sign(context: Context) -> bool:
    """The answer she just gave makes the result red whatever follows."""
    asked = question_now(context)
    return asked is not None and asked.hard and context.answer == asked.risk


@action(cards=("checker_careful",))
def warn_of_sign(context: Context) -> None:
    """Say above the next question why that answer is a sign, and that it is enough to stop."""
    asked, lang = question_now(context), context.session.lang
    if asked is None:
        return
    reason = context.content.card(asked.why, lang)
    context.above = outgoing(context.content.library.say("checker_careful", lang, reason=reason.text))


@action(cards=("why_asked", "why_this"))
def say_why(context: Context) -> None:
    """Say why she is asked: in a checker the sign that the question is about."""
    asked, lang = question_now(context), context.session.lang
    if asked is None or not context.session.state.startswith("Checker:"):
        context.say(context.content.card("why_asked", lang))
    else:
        reason = context.content.card(asked.why, lang).text
        context.say(outgoing(context.content.library.say("why_this", lang, reason=reason)))


@condition()
def asks_why(context: Context) -> bool:
    """She asks why she is asked."""
    return context.meaning.rule == WHY_ASKED


@action(cards=("quiz_right", "quiz_other", *EXPLANATIONS))
def explain_answer(context: Context) -> None:
    """Say above what follows whether the answer to a quiz question is the right one, and why."""
    quiz, number = topic_of(context, context.states[context.session.state]), context.card_number()
    context.above = context.content.explained(quiz, number, context.answer, context.session.lang)


@action(consent=CONSENT_TO_TICKS)
def keep_checklist(context: Context) -> None:
    """Keep her ticks because she asked for it."""
    context.session.kept = {**context.session.kept, CHECKLIST: context.session.data.get(answers_key("Checklist"), "")}


@action(without_consent="ticks kept before are let go")
def drop_checklist(context: Context) -> None:
    """Keep her ticks no longer."""
    context.session.kept = {key: value for key, value in context.session.kept.items() if key != CHECKLIST}


@condition()
def more_questions(context: Context) -> bool:
    """The list of questions she is in goes on after this one."""
    shelf = context.content.shelf(topic_of(context, context.states[context.session.state]))
    return context.card_number() + 1 < len(shelf)


@condition()
def looks_red(context: Context) -> bool:
    """Her answers about an offer, this one included, speak strongly against it."""
    found = result_now(context)
    return found is not None and found.level == "red"


@condition()
def looks_amber(context: Context) -> bool:
    """Her answers about an offer leave things open that matter."""
    found = result_now(context)
    return found is not None and found.level == "amber"


@condition()
def looks_green(context: Context) -> bool:
    """Her answers about an offer are enough and show no large warning sign."""
    found = result_now(context)
    return found is not None and found.level == "green"


@condition(proves=CONSENT_TO_TICKS)
def checklist_is_kept(context: Context) -> bool:
    """She asked us to keep her ticks."""
    return CHECKLIST in context.session.kept


def _questions(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for topic in (state.topic,) if state.topic else (f"check_{kind}" for kind in CHECKERS):
        yield from (phrasing.question(topic, number, lang) for number in range(len(phrasing.shelf(topic))))


@prompt(samples=_questions)
def question(context: Context, state: State) -> Outgoing:
    """Return the question of this state's list that she has come to, with its place in the list."""
    return context.content.question(topic_of(context, state), context.card_number(), context.session.lang)


def _results(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """Every reason and every question there is, the longest first."""
    every = [checker.questions for checker in CHECKERS.values()]
    reasons = _longest(phrasing, {question.why for questions in every for question in questions.values()}, lang)
    asked = _longest(phrasing, {name for questions in every for name in questions}, lang)
    yield phrasing.result(f"checker_{state.name}", (), (), lang)
    yield phrasing.result(f"checker_{state.name}", reasons, asked, lang)


def _longest(phrasing: Phrasing, cards: set[str], lang: str) -> tuple[str, ...]:
    return tuple(sorted(cards, key=lambda card: -len(phrasing.card(card, lang).text)))


@prompt(samples=_results)
def checker_result(context: Context, state: State) -> Outgoing:
    """Return what her answers come to and why; never that an offer is safe."""
    found = result_now(context)
    because, unsure = (found.because, found.unsure) if found else ((), ())
    return context.content.result(f"checker_{state.name}", because, unsure, context.session.lang)


def _left(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for ticks in ("", "d" * len(phrasing.shelf(CHECKLIST))):
        yield phrasing.left_to_do(CHECKLIST, ticks, lang)


@prompt(samples=_left)
def checklist_result(context: Context, state: State) -> Outgoing:
    """Return what is still to be done before she goes, by the ticks of now or the ones she asked us to keep."""
    ticks = context.session.data.get(answers_key(state.group)) or context.session.kept.get(CHECKLIST, "")
    return context.content.left_to_do(CHECKLIST, ticks, context.session.lang)


def waits(context: Context) -> bool:
    """Say whether a list waits for her."""
    aside = context.session.aside
    return aside is not None and context.facts.case is None and context.now - aside.at <= HOLDS


def _waits_at(state: str) -> Callable[[Context], bool]:
    def holds(context: Context) -> bool:
        return waits(context) and context.session.aside is not None and context.session.aside.state == state

    holds.__doc__ = f"The list of {state} waits for her."
    return holds


for _name, _state in LISTS.items():
    condition(f"waits_at_{_name}")(_waits_at(_state))


@action()
def take_up_again(context: Context) -> None:
    """Take up the list where it was left."""
    aside = context.session.aside
    context.session.data = {} if aside is None else dict(aside.data)
