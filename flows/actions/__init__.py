"""What a flow file may do with a message on its way: named pure functions that add effects to the context."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flows.actions import (
    answers,
    asking,
    case,
    checking,
    leaving,
    listening,
    pages,
    reading,
    recording,
    showing,
    telling,
    village,
)
from flows.context import Context

Action = Callable[[Context], None]

ACTIONS: Mapping[str, Action] = {
    action.__name__: action
    for action in (
        showing.show_numbers,
        showing.list_numbers,
        showing.hand_off_if_alone,
        showing.greet,
        showing.tell_duty_if_minor,
        showing.welcome,
        showing.acknowledge,
        showing.cover,
        *showing.SAY_CARD,
        *case.RAISE_TO,
        case.raise_cry,
        case.raise_unreadable,
        case.remember_level,
        case.keep_words,
        answers.take_place,
        answers.note_contact,
        answers.note_why,
        answers.note_no_danger,
        answers.note_minor,
        answers.consent,
        answers.refuse,
        answers.first_card,
        answers.take_language,
        answers.take_exit,
        *asking.BEGIN_CHECK,
        asking.note_answer,
        asking.next_question,
        asking.warn_if_hard,
        pages.open_page,
        pages.open_law,
        pages.note_guess,
        pages.keep_checklist,
        pages.drop_checklist,
        pages.open_profile,
        pages.make_profile,
        pages.take_province,
        pages.say_country_card,
        pages.send_card_alone,
        telling.note_tip_kind,
        telling.note_tip_place,
        telling.note_tip_when,
        telling.send_tip,
        telling.note_question_topic,
        telling.note_question,
        telling.send_question,
        telling.forget_me,
        telling.note_wish_to_be_forgotten,
        telling.keep_nothing,
        reading.open_shelf,
        reading.next_page,
        reading.pick_card,
        reading.next_card,
        leaving.clear,
        leaving.stop,
        leaving.stay_stopped,
        leaving.clean_chat,
        leaving.hide,
        leaving.note_left,
        checking.agree_to_check_ins,
        checking.decline_check_ins,
        checking.take_hours,
        checking.take_code,
        checking.open_check_in,
        checking.answer_garden,
        checking.answer_strength,
        checking.flag_garden,
        checking.pause_plan,
        checking.resume_plan,
        checking.end_plan,
        village.note_code,
        village.redeem,
        village.leave_village,
        village.another_card,
        village.propose_broadcast,
        listening.listen_first,
        listening.read_only,
        listening.take_voice,
        listening.play,
        recording.become_speaker,
        recording.first_script,
        recording.next_script,
        recording.keep_recording,
        recording.take_voice_back,
    )
}

AGREEMENTS = frozenset({answers.CONSENT_CARD, checking.AGREEMENT_CARD})
"""Cards that ask for an agreement: which version she saw is remembered until she answers."""

CARDS_OF_ACTION: Mapping[str, tuple[str, ...]] = {
    "greet": ("welcome",),
    "welcome": ("welcome",),
    "tell_duty_if_minor": ("minor_duty",),
    "acknowledge": ("case_kept",),
    "consent": (answers.CONSENT_CARD,),
    "refuse": (answers.CONSENT_CARD,),
    "agree_to_check_ins": (checking.AGREEMENT_CARD,),
    "warn_if_hard": ("checker_careful",),
    "redeem": (village.LISTENING_CARD,),
    "leave_village": (village.LISTENING_CARD,),
    "decline_check_ins": (checking.AGREEMENT_CARD,),
    "play": (listening.UNSPOKEN_CARD,),
    "become_speaker": (recording.AGREEMENT_CARD,),
    "take_voice_back": (recording.AGREEMENT_CARD,),
    **{f"say_{card}": (card,) for card in showing.SAID},
}
SHELVES_OF_ACTION: Mapping[str, tuple[str, ...]] = {"cover": ("cover",)}
"""What the actions read from the content; the check looks it up like any state's card."""

NEEDS_CONSENT: Mapping[str, str] = {
    "consent": answers.CONSENT_TO_HANDOFF,
    "agree_to_check_ins": checking.CONSENT_TO_CHECK_INS,
    "take_hours": checking.CONSENT_TO_CHECK_INS,
    "take_code": checking.CONSENT_TO_CHECK_INS,
    "redeem": "C9",
    "keep_checklist": "checklist",
    "send_tip": "tip",
    "send_question": "dialogue",
    "make_profile": "profile",
}
"""Actions that keep something, or take an answer in order to keep it, and what she must have said yes to before.

What danger opens (a case) is kept without asking: help comes first (safety rule 2).
"""
