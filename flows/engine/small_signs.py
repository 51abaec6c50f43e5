"""Small signs: what her calm messages of the last day weigh together; no words, and never a question of its own.

Four disclosures between the lines are calm one by one. The newest counts whole, each one before it less: after six
little is left. Not in the corner of the young, where nothing is kept (safety rule 16).
"""

from __future__ import annotations

from datetime import timedelta

from content.lexicon.model import LexiconData
from flows.context import Context
from flows.model.session import SmallSigns
from flows.text.invitation_codes import nearly_code
from flows.understanding import understanding_of

RULE = "together"
"""What stands for the rule where no message alone was in doubt."""
LEVEL = 2
"""The danger level of what "0" then opens."""
FADES = 0.5 ** (1 / 3)
"""What is left of the sum with each message: half after three, a quarter after six."""
FORGOTTEN_AFTER = timedelta(hours=24)
WHOLE = 100.0
"""What a message on the edge of a doubt adds."""
SAYS_SOMETHING = 3
"""Words from which on a message is weighed."""
YOUTH = "Youth:"
A_WORD_ASKED = ("Agreement:code", "Agreement:code_again", "Words:own")
"""States in which she chooses a word of her own, or asks what it is for."""


def add(context: Context) -> bool:
    """Add a calm message, and say whether all of them together are enough for an offer, once in a talk."""
    text, before = context.incoming.text, context.session.signs
    if context.session.state.startswith(YOUTH):
        context.session.signs = SmallSigns(told=before.told)
        return False
    if len(text.split()) < SAYS_SOMETHING or context.session.state in A_WORD_ASKED or nearly_code(text):
        return False
    old = before.at is None or context.now - before.at > FORGOTTEN_AFTER
    weight = (0.0 if old else before.weight * FADES) + share(text, context.lexicon)
    enough = weight >= context.lexicon.together and not before.told
    context.session.signs = SmallSigns(weight, context.now, before.told or enough)
    return enough


def share(text: str, lexicon: LexiconData) -> float:
    """Return what a message adds: nothing where it is plainly calm, WHOLE where it is all but doubted."""
    weight = understanding_of(lexicon).weight(text)
    return WHOLE * min(1.0, max(0.0, (weight - lexicon.doubt) / max(1, lexicon.enough - lexicon.doubt)))
