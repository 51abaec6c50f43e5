"""Another number she may be called on: her yes to keeping it, and whether what she typed holds one."""

from __future__ import annotations

import re

from flows.context import Context
from flows.model.effects import KeepSecondWay, NoteOnCase, RecordConsent
from flows.registry import action, condition

CONSENT_TO_SECOND_WAY = "C5"
SECOND_WAY_CARD = "help_second_way"
MOST = 80
"""Letters of a number with the hours beside it."""
_PHONE = re.compile(r"(?<!\d)\+?\d(?:[ .()-]{0,2}\d){7,14}(?!\d)")
"""A number of 8 to 15 digits (ITU-T E.164), as it is written."""


@condition()
def number_typed(context: Context) -> bool:
    """What she typed holds a telephone number, and little else."""
    text = context.incoming.text.strip()
    return len(text) <= MOST and bool(_PHONE.search(text))


@action(consent=CONSENT_TO_SECOND_WAY, agreement=SECOND_WAY_CARD)
def agree_to_second_way(context: Context) -> None:
    """Record her yes to keeping another number, in the version of the text she saw."""
    context.effects.append(RecordConsent(CONSENT_TO_SECOND_WAY, context.version_seen(SECOND_WAY_CARD), True))


@action(agreement=SECOND_WAY_CARD, without_consent="her no is recorded and a number kept before is let go")
def decline_second_way(context: Context) -> None:
    """Record her no to it, and let go of a number kept before; she is written to here."""
    context.effects.append(RecordConsent(CONSENT_TO_SECOND_WAY, context.version_seen(SECOND_WAY_CARD), False))
    leave_second_way(context)


@action(without_consent="a number kept before is let go")
def leave_second_way(context: Context) -> None:
    """Keep no number after all; she is written to here."""
    context.update_data(contact="here")
    context.effects += [KeepSecondWay(""), NoteOnCase("contact", "here")]


@action(consent=CONSENT_TO_SECOND_WAY)
def keep_second_way(context: Context) -> None:
    """Hand the number she typed to the readers of her case, and to nobody else; it stays in no answer of the flow."""
    context.effects.append(KeepSecondWay(context.incoming.text.strip()))
