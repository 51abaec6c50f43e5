"""Routing: from what she sent to the trigger it is (an answer, a command, a cry, a topic, words for a person)."""

from __future__ import annotations

from collections.abc import Callable

from flows.context import Context
from flows.engine import (
    answers,
    closing,
    greetings,
    human_relay,
    kept_answers,
    offers,
    pictures,
    referrals,
    set_aside,
    small_signs,
    waiting,
)
from flows.engine.machine import Engine
from flows.features import own_words, places, profiles, situations
from flows.features.cases import keep_words
from flows.features.doubt import ABOUT, DOUBT, asked_by_rule, heard_by_rule, help_offered, subject
from flows.features.messages import very_long
from flows.features.questionnaires import LISTS
from flows.model.messages import Choice
from flows.parsing.choices import is_label, match, match_part
from flows.parsing.code_words import opens
from flows.parsing.replies import reply
from flows.parsing.yes_no import DANGER_QUESTIONS, ENOUGH, OFFERS, assent
from flows.rendering.pagination import TURNS, by_number, next_page
from flows.rendering.render import pressed
from flows.text.scripts import mostly_other
from flows.understanding import Meaning, understand, understanding_of
from flows.understanding.decision import HOLDER

CRY = 3
"""The danger level from which numbers are shown and a case is opened without asking."""

OFFERED_AFTER_NO = 2
"""The danger level of what "0" opens after she said that she is in no danger now."""

A_NAME = 6
"""Words that the name of a place may have: `gần nhà ông Tư` is one."""

PLACE_ALONE = "sign.compound"
"""The rule of a place that is named alone: where a place was asked for it is the answer."""

LEFT_OUT = frozenset({"skip", "done", "decline"})
"""Answers whose words say nothing to the people of a case."""

SILENT, HIDDEN = "SilentCall:", "Exit:hidden"
COMMANDS = frozenset({"stop", "quick_exit", "silent_call", "dung", "forget"})
ALONE = "stop.whole"
"""The rule of words that stop everything, but not beside a human, who may be meant by them."""

ALSO_BESIDE_A_CASE = frozenset({"stop", "quick_exit", "menu"})
"""Topics that stay commands while every other word goes to the people of her case."""

ALSO_IN_A_STORY = ALSO_BESIDE_A_CASE | {"language_change"}
"""The same where no case is open yet but she is asked things on the way to one."""

TRIGGER_OF_KIND = {"file": "image", "contact": "image"}
WORDLESS = frozenset({"sticker", "other", "text"})
"""What holds nothing to hand on (an empty text too): beside a human the bot does not speak of it."""


def route_text(context: Context, engine: Engine) -> bool:
    """Take a typed message."""
    text = context.incoming.text.strip()
    if not text:
        return route_other(context, engine)
    if kept_answers.asked_for(context):
        return kept_answers.hand_over(context)
    if greetings.waits(context):
        return _under_greeting(context, engine, text)
    beside_human = context.facts.case is not None and context.facts.case.human_here
    return _beside_human(context, engine, text) if beside_human else _to_the_bot(context, engine, text)


def _under_greeting(context: Context, engine: Engine, text: str) -> bool:
    """Take words while a greeting waits: her word, a cry or a plea, an order to leave; anything else is its answer."""
    if opens(text, context.facts):
        return engine.fire("code_word", context)
    if own_words.word_typed(context):
        return _command(context, engine, "own_word")
    meaning = understand(text, context.lexicon)
    if is_cry(meaning):
        return _cry(context, engine, meaning)
    if meaning.command in greetings.LEADS_OUT:
        return _command(context, engine, meaning.command)
    if meaning.action == "ask" and meaning.numbers:
        return _words(context, engine, meaning)
    return greetings.answer(context, engine)


def _to_the_bot(context: Context, engine: Engine, text: str) -> bool:
    """Take words that the bot answers: an answer, a key, danger, an order, in this order; else what they are about."""
    if (number := _number(context, text)) is not None:
        return number(context, engine)
    awaited = "invitation" if context.facts.invited is not None else "code_word" if opens(text, context.facts) else ""
    if awaited:
        return engine.fire(awaited, context)
    if own_words.word_typed(context):
        return _command(context, engine, "own_word")
    answer = _of_danger(context, text)
    if answer is not None:
        return _answer(context, engine, answer)
    meaning = understand(text, context.lexicon)
    if is_cry(meaning, case_open=context.facts.case is not None):
        return _cry(context, engine, meaning)
    if waiting.says_so(context):
        return _still_waits(context, engine)
    if waiting.asks(context):
        return engine.fire("still_asking", context)
    if meaning.command == "silent_call" or (meaning.command in COMMANDS and not _is_answer(context, text)):
        return _command(context, engine, meaning.command)
    if profiles.is_key(text, context):
        return _command(context, engine, "profile")
    choice = _typed(context, text)
    if choice is not None:
        return _answer(context, engine, choice)
    return _words(context, engine, meaning)


def _still_waits(context: Context, engine: Engine) -> bool:
    """Take that she still waits for a renewed plea at the level of her case: the numbers, and the truth.

    Below numbers that she has just been shown it is the truth alone, told again after a while.
    """
    if waiting.sees_numbers(context):
        return engine.fire("still_asking", context)
    case = waiting.case_that_waits(context)
    context.cry, context.reason = (case.level if case is not None else 0), "still_waiting"
    return engine.fire("still_waiting", context)


def _while_waiting(context: Context, engine: Engine, meaning: Meaning) -> bool | None:
    """Answer a question, or an entry of the first page, that she types while she waits; people get her words too."""
    entry = waiting.menu_entry(context)
    if entry is None and not waiting.is_question(context, meaning):
        return None
    keep_words(context)
    if entry is not None:
        context.session.state, context.answer = waiting.MENU, entry.value
        return engine.fire(entry.value, context)
    context.meaning = meaning
    return _fire(context, engine, answers.trigger(context, engine, meaning))


def _number(context: Context, text: str) -> Callable[[Context, Engine], bool] | None:
    """Find what the number that she typed leads to: an offer, an answer on the screen; None for other words."""
    if offers.taken(context):
        return _take_offer
    choice = _numbered(context, text)
    if choice is None:
        return None
    old = not choice.digit and waiting.is_old(context)
    return lambda context, engine: _fire(context, engine, "text") if old else _answer(context, engine, choice)


def _words(context: Context, engine: Engine, meaning: Meaning) -> bool:
    """Take words that are no answer as they stand: part of a label, a story that begins with a yes, a topic."""
    if context.facts.answer_kept and not context.session.prompt and meaning.action == "calm":
        return kept_answers.nudge(context)
    if closing.asks_nothing_else(context, meaning) and not places.asks_place(context):
        return engine.fire("human_left", context)
    if (taken := _while_waiting(context, engine, meaning)) is not None:
        return taken
    text, topic = context.incoming.text.strip(), _topic(context, engine, meaning)
    part = match_part(text, context.session.prompt) if topic == "text" and not _asks_people(context) else None
    if part is not None:
        return _answer(context, engine, part)
    begun = _begun(context, text)
    return bool(begun and engine.fire(begun, context)) or _fire(context, engine, topic)


def route_press(context: Context, engine: Engine) -> bool:
    """Take the press of a button; a button of an older question is nothing (it may be the same press again).

    Beside a human it is words for that human, as far as the channel tells what stands on it.
    """
    choice = pressed(context.incoming.press, context.before.nonce, context.before.prompt)
    if choice is not None and choice.value != "quick_exit" and greetings.waits(context):
        return greetings.answer(context, engine)
    case, label = context.facts.case, context.incoming.text.strip()
    if choice is None and case is not None and case.human_here and label:
        return True
    if choice is not None and human_relay.answered(context):
        return True  # a human has written since: it goes to that human, and answers the bot no more
    return False if choice is None else _answer(context, engine, choice)


def route_other(context: Context, engine: Engine) -> bool:
    """Take something that is not text; words that came with it are heard first."""
    incoming = context.incoming
    meaning = understand(incoming.text.strip(), context.lexicon) if incoming.text.strip() else None
    case_open = context.facts.case is not None
    if meaning is not None and is_cry(meaning, case_open=case_open) and _is_news(context, meaning):
        return _cry(context, engine, meaning)
    if pictures.is_rest(context):
        return pictures.keep_rest(context)
    if greetings.waits(context):
        return greetings.answer(context, engine, incoming.kind)
    kind = TRIGGER_OF_KIND.get(incoming.kind, incoming.kind)
    if kind in WORDLESS and context.facts.case is not None and context.facts.case.human_here:
        return True
    return _fire(context, engine, "other" if kind == "text" else kind)


def _beside_human(context: Context, engine: Engine, text: str) -> bool:
    """A human is talking with her: her words go there, the bot keeps silent but for commands and worse danger.

    A number answers the bot only where she asked the bot for something and no human has written since; it is for
    the human all the same (flows/engine/human_relay.py).
    """
    choice = _numbered(context, text) if context.asked_beside_human() else None
    if choice is not None:
        return _answer(context, engine, choice)
    if own_words.word_typed(context):
        return _command(context, engine, "own_word")
    meaning = understand(text, context.lexicon)
    if is_cry(meaning, case_open=True) and _is_news(context, meaning):
        context.withdraw()
        return _cry(context, engine, meaning)
    if profiles.is_key(text, context):
        return _command(context, engine, "profile")
    command = meaning.command if meaning.command in COMMANDS else _order(meaning)
    if meaning.rule != ALONE and command in ("silent_call", *ALSO_BESIDE_A_CASE):
        return _command(context, engine, command)
    if context.facts.answer_kept and context.session.state == HIDDEN:
        return kept_answers.nudge(context)
    if context.facts.answer_kept:
        kept_answers.nudge_beside_human(context)
    referrals.answer(context, meaning)
    return _fire(context, engine, "text")


def is_cry(meaning: Meaning, *, case_open: bool = False) -> bool:
    """Say whether a meaning is a cry that is believed; beside an open case no weight makes a question of a belief."""
    believed = meaning.action == "raise" or (case_open and meaning.doubted)
    return believed and meaning.level >= CRY


def _is_news(context: Context, meaning: Meaning) -> bool:
    """Say whether a cry says more than a human beside her knows: it is worse, or that human has not answered her last.

    Then the numbers are shown again, at most once in a while.
    """
    case, shown = context.facts.case, context.session.numbers_at
    if case is None or not case.human_here or meaning.level > case.level:
        return True
    return not case.answered and (shown is None or context.now - shown > waiting.NUMBERS_AGAIN)


def _cry(context: Context, engine: Engine, meaning: Meaning) -> bool:
    context.cry, context.reason = meaning.level, meaning.rule or meaning.intent
    situations.take_situation(context, meaning.rule)
    places.take_told_place(context)
    return engine.fire("cry", context)


def _take_offer(context: Context, engine: Engine) -> bool:
    """Take the "0" that an offer names: what she wrote before is happening to her."""
    context.expired = False
    trigger = offers.take(context)
    context.reason = context.reason or trigger
    return engine.fire(trigger, context)


def _topic(context: Context, engine: Engine, meaning: Meaning) -> str:
    """Name the trigger of words that are neither an answer nor a command nor a cry."""
    if context.session.state == HIDDEN and meaning.action == "calm":
        return "text"
    if meaning.intent == HOLDER and not _is_silent(context):
        own_words.cover_at_once(context)
    if context.facts.case is not None or _is_silent(context):
        return _beside_case(context, meaning)
    context.cry, context.meaning = meaning.level, meaning
    if places.asks_place(context):
        return "text"
    if _is_unreadable(context, meaning):
        return "unclear"
    if meaning.action == "calm" and meaning.command == "mistake":
        return "mistake"
    if meaning.action == "calm" and _order(meaning) not in ALSO_IN_A_STORY and _is_told(context):
        return "text"
    if meaning.action == "ask":
        if meaning.rule in (DOUBT, PLACE_ALONE) and _is_name(context):
            return "text"
        return "unclear" if heard_by_rule(context) or meaning.numbers else _doubted(context, engine, meaning)
    if meaning.action == "raise" and meaning.level > 0:
        return _doubted(context, engine, meaning) if _asks(context, meaning) else "offer"
    if small_signs.add(context) and not _on_the_way(context, engine):
        offers.make(context, small_signs.LEVEL, small_signs.RULE, known=bool(subject(meaning)), calm=True)
    leads_away = meaning.leant and _on_the_way(context, engine)  # a guess does not take her from a question of danger
    return "text" if leads_away else answers.trigger(context, engine, meaning) or "text"


def _beside_case(context: Context, meaning: Meaning) -> str:
    """Name the trigger of words beside an open case, or in the silent call: an order, who we are, words for people."""
    if meaning.rule == waiting.WHO and not _is_silent(context):
        return "about_us"
    return _order(meaning) if _order(meaning) in ALSO_BESIDE_A_CASE else "text"


def _is_silent(context: Context) -> bool:
    """Say whether she stands in the silent call, where words are a sign and are answered by none."""
    return not context.expired and context.session.state.startswith(SILENT)


def _is_unreadable(context: Context, meaning: Meaning) -> bool:
    """Say whether her words are in a script we cannot read: asked about at once, but where staff answer her there."""
    return meaning.action != "raise" and mostly_other(context.incoming.text) and not context.staff_spoke()


def _doubted(context: Context, engine: Engine, meaning: Meaning) -> str:
    """Name the trigger of what she asked; below the answer stands the offer that "0" takes.

    On the way to help it is words for people like any others.
    """
    if _on_the_way(context, engine):
        return "text"
    about = "" if _for_people(context) else answers.trigger(context, engine, meaning)
    offers.make(context, meaning.level, meaning.rule, known=bool(about) or _for_people(context))
    return about or "text"


def _on_the_way(context: Context, engine: Engine) -> bool:
    """Say whether she stands at a question on the way to help, which says itself what is made of a doubt."""
    return not context.expired and engine.has_own("unclear", context.session.state)


def _asks(context: Context, meaning: Meaning) -> bool:
    """Say whether a believed harm is one that she asks about: a question mark, and a rule knows the subject."""
    return "?" in context.incoming.text and not meaning.leant and bool(subject(meaning))


def _command(context: Context, engine: Engine, command: str) -> bool:
    """Fire a command; it means the same however old the question is."""
    context.reason = command
    return engine.fire(command, context)


def _order(meaning: Meaning) -> str:
    """Return the topic that a rule heard: what only the weights lean to is no order."""
    return "" if meaning.leant else meaning.topic or ""


def _is_told(context: Context) -> bool:
    """Say whether calm words are no question to us: meant for people, or an article that somebody passed on."""
    return _for_people(context) or very_long(context)


def _is_name(context: Context) -> bool:
    """Say whether she was asked for a few words, a place or a code word: what only the weights doubt is a name."""
    chosen = context.session.state in small_signs.A_WORD_ASKED and not context.expired
    return chosen or (_for_people(context) and len(context.incoming.text.split()) <= A_NAME)


def _for_people(context: Context) -> bool:
    return not context.expired and context.states[context.session.state].for_people


def _question(context: Context) -> str:
    """Return the card of the question she stands at."""
    state = context.states[context.session.state]
    return state.say or state.choices


def _of_danger(context: Context, text: str) -> Choice | None:
    """Find the answer to "are you in danger now?": heard before a cry, since "not in danger" has the words of one."""
    return _assent(context, text) if _question(context) in DANGER_QUESTIONS else None


def _assent(context: Context, text: str) -> Choice | None:
    """Find the answer that yes, no or "I do not know" is to the question on offer."""
    state = context.states[context.session.state]
    consent = bool(state.consent) or state.say in ("privacy_forget", "privacy_forget_case")
    choice = assent(text, context.session.prompt, context.lexicon, card=_question(context), consent=consent)
    left = choice is not None and choice.value == ENOUGH and _question(context) not in OFFERS
    return None if left and (context.facts.case is not None or help_offered(context)) else choice


def _typed(context: Context, text: str) -> Choice | None:
    """Find the answer that was typed: a number, a label, words for it, yes or no."""
    choice = match(text, context.session.prompt) or match(text, context.fixed_answers()) or _assent(context, text)
    if choice is None and (choice := _reply(context, text)) is not None and choice.value not in LEFT_OUT:
        keep_words(context)  # "con gái em" says more than "somebody else"
    return choice


def _is_answer(context: Context, text: str) -> bool:
    """Say whether what sounds like an order answers the question on offer: "đừng nhắn trước"."""
    return is_label(text, context.session.prompt) or _reply(context, text) is not None


def _reply(context: Context, text: str) -> Choice | None:
    """Find the answer that words of her own are to the question on offer."""
    return reply(text, _question(context), context.session.prompt, context.lexicon, context.now.year)


def _asks_people(context: Context) -> bool:
    """Say whether part of a label is no answer: a case is open, or what is asked keeps, forgets or is for people."""
    state = context.states[context.session.state]
    forgets = any(choice.value == "forget_now" for choice in context.session.prompt)
    return context.facts.case is not None or _for_people(context) or bool(state.consent) or forgets


def _begun(context: Context, text: str) -> str:
    """Name the trigger of a story that begins with a yes to the danger question; "" for every other."""
    asked = _question(context) in DANGER_QUESTIONS and not context.expired
    return understanding_of(context.lexicon).begins_with_yes(text) if asked else ""


def _fire(context: Context, engine: Engine, trigger: str) -> bool:
    """Fire a trigger; after a silence that made the question old, from a neutral place.

    A trigger no state knows (a topic without a flow) is taken as plain words, so nothing is a dead end.
    """
    if context.expired:
        _expire_question(context, engine)
    context.reason = context.reason or trigger
    return engine.fire(trigger, context) or engine.fire("text", context) or engine.fire("menu", context)


def _answer(context: Context, engine: Engine, choice: Choice) -> bool:
    """Take an answer to the question on offer. An old question takes only the answers that mean danger."""
    if choice.value in TURNS and not context.expired:
        return _turn_page(context)
    context.answer = context.reason = choice.value
    context.withdraw()
    if choice.digit and choice.value == "human" and offers.is_open(context):
        return _take_offer(context, engine)
    if choice.digit:  # it means the same however old the question is
        return _fire(context, engine, choice.value)
    if context.expired:
        return engine.fire(f"late_{choice.value}", context) or _too_late(context, engine)
    about = _asked_before(context, choice)
    if about:  # what she wrote is answered; after a danger question that a rule asked help stays on offer
        if choice.value == "no" and asked_by_rule(context):
            offers.make(context, OFFERED_AFTER_NO, context.session.state, known=True, child=about == "early_marriage")
        context.answer, context.reason = "", about
        context.update_data(danger="no")
        return _fire(context, engine, about)
    if choice.value == "no" and set_aside.led_from_a_list(context):
        return engine.fire("resume", context)
    return engine.fire(choice.value, context) or engine.fire("choice", context) or _fire(context, engine, "menu")


def _too_late(context: Context, engine: Engine) -> bool:
    """Show the first page instead; an answer to a list of questions is told that the question is gone."""
    if context.session.state in LISTS.values():
        context.say(context.content.card("question_expired", context.session.lang))
    return _fire(context, engine, "menu")


def _asked_before(context: Context, choice: Choice) -> str:
    """Return what she wrote of before we asked: for whoever is in no danger now, or would rather read."""
    if context.facts.case is not None:
        return ""
    kept = {"no": ABOUT, "read": situations.READ}.get(choice.value, "")
    return context.session.data.get(kept, "") if kept else ""


def _turn_page(context: Context) -> bool:
    """Ask the question of the present state again with the answers that did not fit on the screen."""
    text = context.text_of(context.states[context.session.state])
    if text is None or not text.choices:
        return False
    context.ask(text, next_page(text.choices, context.session.prompt))
    return True


def _expire_question(context: Context, engine: Engine) -> None:
    context.expired = False
    engine.fire("timeout", context)


def _numbered(context: Context, text: str) -> Choice | None:
    """Find the choice whose number she typed, without reading further: the common answer on a simple phone."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 2):
        return None
    return by_number(context.session.prompt, int(text)) or by_number(context.fixed_answers(), int(text))
