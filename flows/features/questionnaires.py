"""Questionnaires (checkers, the checklist, quizzes), one question at a time: where she is, what the answers come to.

Answers live only as long as the list is asked; ticks of the checklist are kept where she asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flows.context import Context
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing
from flows.tables import CHECKERS, QUIZZES, Checker, CheckerResult, result_of
from flows.tables.checkers import LETTERS

KIND = "Checker.kind"
"""Where the checker that is asked stands in the data of the flow."""
CHECKLIST = "checklist"
"""The name of the list of things to do before she goes, as a shelf and among what she asked us to keep."""
CONSENT_TO_TICKS = "checklist"


def answers_key(group: str) -> str:
    """Return where the letters answered so far stand in the data of a flow."""
    return f"{group}.answers"


def checker_of(context: Context) -> Checker | None:
    """Return the checker whose questions are asked; None when none was begun."""
    return CHECKERS.get(context.session.data.get(KIND, ""))


def answers_now(context: Context) -> str:
    """Return the answers so far, with the one just given; a question answered twice keeps the first answer."""
    noted = context.session.data.get(answers_key(context.session.state.partition(":")[0]), "")
    letter = LETTERS.get(context.answer, "")
    return noted + letter if len(noted) == context.card_number() else noted


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
    """Go on to the next question of the list."""
    context.update_data(card=str(context.card_number() + 1))


@action(cards=("checker_careful",))
def warn_if_hard(context: Context) -> None:
    """After an answer that alone makes the result red, say that help is one tap away; the questions go on."""
    checker = checker_of(context)
    questions = tuple(checker.questions.values()) if checker else ()
    number = context.card_number()
    if number < len(questions) and questions[number].hard and context.answer == questions[number].risk:
        context.say(context.content.card("checker_careful", context.session.lang))


@action()
def note_guess(context: Context) -> None:
    """Remember the answer to a quiz question until its explanation is read."""
    group = context.session.state.partition(":")[0]
    context.update_data(**{f"{group}.guess": context.answer})


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
    shelf = context.content.shelf(context.states[context.session.state].topic)
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
    for number in range(len(phrasing.shelf(state.topic))):
        yield phrasing.question(state.topic, number, lang)


@prompt(samples=_questions)
def question(context: Context, state: State) -> Outgoing:
    """Return the question of this state's list that she has come to, with its place in the list."""
    return context.content.question(state.topic, context.card_number(), context.session.lang)


def _results(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """Every reason there is, in the longest order, both as a reason and as something she does not know."""
    every = {question.why for checker in CHECKERS.values() for question in checker.questions.values()}
    longest = tuple(sorted(every, key=lambda card: -len(phrasing.card(card, lang).text)))
    yield phrasing.result(f"checker_{state.name}", (), (), lang)
    yield phrasing.result(f"checker_{state.name}", longest, longest, lang)


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


def _explained(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for number in range(len(QUIZZES[state.topic].right)):
        for guess in ("yes", "no", "skip"):
            yield phrasing.explained(state.topic, number, guess, lang)


@prompt(samples=_explained)
def quiz_explained(context: Context, state: State) -> Outgoing:
    """Return whether her answer is the right one, and why."""
    guess = context.session.data.get(f"{state.group}.guess", "")
    return context.content.explained(state.topic, context.card_number(), guess, context.session.lang)
