"""The questions a flow file may ask about a message on its way; pure, each named as it is written in YAML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from flows.context import Context
from flows.features import profiles, shelves
from flows.features.despair import ASKED
from flows.features.doubt import asked_by_rule, asked_for_help, heard_by_rule, led_here, small_talk, still_like_a_cry
from flows.features.recordings import script_after
from flows.features.situations import SELF_HARM
from flows.features.typed_place import place_typed
from flows.own_words import other_word_usable
from flows.parsing.code_words import usable
from flows.parsing.places import area_named, province_named
from flows.questions import CHECKLIST, judged
from flows.second_way import number_typed
from flows.understanding.classifier import ARTICLE

QUESTION_MOST = 300
"""Letters of a question for a meeting."""
_LEADS = re.compile(r"\d(?:[ .-]?\d){6}|https?:|www\.|@\w")
"""A phone number, a link or an account in a text."""


def newcomer(context: Context) -> bool:
    """Say whether we have never heard from her."""
    return context.session.last_at is None


def on_duty(context: Context) -> bool:
    """Somebody is on the roster now."""
    return context.session.on_duty


def case_open(context: Context) -> bool:
    """A case of this person is open, or was opened earlier in this very step."""
    return context.case is not None


def case_behind_cover(context: Context) -> bool:
    """A case of hers is open that whoever holds the phone does not see."""
    return context.hidden is not None


def place_known(context: Context) -> bool:
    """She told us in this talk in which country she is or that it is not Viet Nam."""
    return bool(context.place)


def place_asked(context: Context) -> bool:
    """The place is known, or she was asked and does not know (or would rather not say)."""
    return bool(context.place) or "where" in context.data


def despairs(context: Context) -> bool:
    """What she wrote speaks of suicide."""
    return context.reason.startswith("suicide.") or context.meaning.intent == "SUICIDE"


def acts_now(context: Context) -> bool:
    """What she wrote speaks of a danger to life in this very moment."""
    return context.cry >= 4


def self_harm_now(context: Context) -> bool:
    """What she wrote speaks of poison or self-harm that is done or about to be."""
    return context.situation == SELF_HARM


def despair_asked(context: Context) -> bool:
    """The questions for thoughts of suicide were put to her in this conversation."""
    return ASKED in context.data


def country_unknown(context: Context) -> bool:
    """She is abroad and has not said where, or would rather not."""
    return context.place == "abroad"


def needs_shelter(context: Context) -> bool:
    """A safe place is among what she said is needed."""
    return "shelter" in context.data.get("need", "").split()


def contact_known(context: Context) -> bool:
    """She has already said, in this conversation, how she may be written to."""
    return "contact" in context.data


def danger_asked(context: Context) -> bool:
    """She has already said, in this conversation, that she is in no danger right now."""
    return context.data.get("danger") == "no"


def human_here(context: Context) -> bool:
    """A human is talking with her; the bot keeps out of it."""
    return context.case is not None and context.case.human_here


def staff_spoke(context: Context) -> bool:
    """Staff answered her in the account's own console a short while ago; they read what she writes there."""
    return context.staff_spoke()


def more_cards(context: Context) -> bool:
    """The shelf she reads from has a card after this one."""
    return bool(shelves.after(context))


def from_offers(context: Context) -> bool:
    """The shelf she stands before is in the room of offers."""
    return shelves.room(context) == "offers"


def from_journey(context: Context) -> bool:
    """The shelf she stands before is in the room of going and coming back."""
    return shelves.room(context) == "journey"


def more_questions(context: Context) -> bool:
    """The list of questions she is in goes on after this one."""
    shelf = context.content.shelf(context.content.states[context.state].topic)
    return context.card_number() + 1 < len(shelf)


def looks_red(context: Context) -> bool:
    """Her answers about an offer, this one included, speak strongly against it."""
    found = judged(context)
    return found is not None and found.level == "red"


def looks_amber(context: Context) -> bool:
    """Her answers about an offer leave things open that matter."""
    found = judged(context)
    return found is not None and found.level == "amber"


def looks_green(context: Context) -> bool:
    """Her answers about an offer are enough and show no large warning sign."""
    found = judged(context)
    return found is not None and found.level == "green"


def checklist_is_kept(context: Context) -> bool:
    """She asked us to keep her ticks."""
    return CHECKLIST in context.kept


def is_abroad(context: Context) -> bool:
    """She told us in this talk that she is in another country."""
    return context.place.startswith("abroad")


def profile_key_usable(context: Context) -> bool:
    """What she typed can be the key of a new profile: not easy to guess, and nobody's yet."""
    return profiles.usable(context)


def area_typed(context: Context) -> bool:
    """What she typed names one commune or one province."""
    return bool(area_named(context.content.library, context.incoming.text))


def province_typed(context: Context) -> bool:
    """What she typed names a province, of today or of before July 2025."""
    return bool(province_named(context.content.library, context.incoming.text))


def very_long(context: Context) -> bool:
    """What she sent is an article rather than a message."""
    return len(context.incoming.text) > ARTICLE


def other_script(context: Context) -> bool:
    """What she typed is mostly in letters that neither Vietnamese nor English uses."""
    letters = [letter for letter in context.incoming.text[:ARTICLE] if letter.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(letter, "") for letter in letters)
    return bool(letters) and 2 * foreign > len(letters)


def question_usable(context: Context) -> bool:
    """What she typed can be a question for a meeting: short, and nothing in it that leads to somebody."""
    text = context.incoming.text.strip()
    return 0 < len(text) <= QUESTION_MOST and not _LEADS.search(text)


def in_private(context: Context) -> bool:
    """The conversation is at a point that must not be disturbed by a greeting."""
    return context.content.states[context.state].sensitive


def plan_living(context: Context) -> bool:
    """She has agreed to check-ins, whether or not they have begun."""
    return context.care is not None


def plan_paused(context: Context) -> bool:
    """Her check-ins rest."""
    return context.care is not None and context.care.plan == "paused"


def check_in_waiting(context: Context) -> bool:
    """A check-in was sent and waits for her word."""
    return context.care is not None and bool(context.care.code)


def code_usable(context: Context) -> bool:
    """What she typed can be a code word: long enough, and nothing that means something else here."""
    return usable(context.incoming.text, context.content.lexicon)


def is_member(context: Context) -> bool:
    """She is a member of a village's communication group."""
    return context.village is not None and context.village.member


def listens(context: Context) -> bool:
    """She hears from a village's communication group."""
    return context.village is not None


def cards_to_share(context: Context) -> bool:
    """There is a card that a member may send."""
    return context.village is not None and bool(context.village.cards)


def asked_to_speak(context: Context) -> bool:
    """The code in her message asks for her voice."""
    return context.invited is not None and context.invited.kind == "speaker"


def speaks(context: Context) -> bool:
    """She is a trusted speaker."""
    return context.speaking is not None


def script_waits(context: Context) -> bool:
    """Some card has no voice in her language yet."""
    return bool(script_after(context.speaking, ""))


def another_script(context: Context) -> bool:
    """After the card she reads now another one waits for a voice."""
    return bool(script_after(context.speaking, context.data.get("script", "")))


CONDITIONS: Mapping[str, Callable[[Context], bool]] = {
    condition.__name__: condition
    for condition in (
        newcomer,
        on_duty,
        case_open,
        number_typed,
        case_behind_cover,
        human_here,
        staff_spoke,
        place_known,
        place_asked,
        contact_known,
        country_unknown,
        despairs,
        acts_now,
        despair_asked,
        self_harm_now,
        needs_shelter,
        danger_asked,
        asked_for_help,
        *(asked_by_rule, heard_by_rule, led_here, still_like_a_cry, small_talk),
        more_cards,
        more_questions,
        looks_red,
        looks_amber,
        looks_green,
        checklist_is_kept,
        is_abroad,
        question_usable,
        profile_key_usable,
        area_typed,
        place_typed,
        province_typed,
        very_long,
        other_script,
        from_offers,
        from_journey,
        in_private,
        plan_living,
        plan_paused,
        check_in_waiting,
        code_usable,
        other_word_usable,
        is_member,
        listens,
        cards_to_share,
        asked_to_speak,
        speaks,
        script_waits,
        another_script,
    )
}
