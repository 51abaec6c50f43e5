"""What a message means: how dangerous, what to do about it, what it is about, which command it is."""

from __future__ import annotations

from typing import Literal

import msgspec

Reaction = Literal["raise", "ask", "calm"]


class Meaning(msgspec.Struct, frozen=True):
    """The understanding of one message.

    `level` 0-4 and `action`: "raise" is believed (levels 3 and 4 are cries), "ask" needs one yes/no question first,
    "calm" is neither. `intent` is the kind of thing (HELP, CONFINED, JOB …), `topic` where to lead, `command` an
    order to us: stop, quick_exit, silent_call, dung, forget, or the word that a message was sent by mistake. `rule`
    names the rule that decided, never her words, `card` the card that answers them. `leant` says that no rule named the
    topic, only the learnt words did, `doubted` that a rule believed it and the learnt weights made it a question,
    `numbers` that the numbers stand in the same bubble as its question.
    """

    level: int = 0
    action: Reaction = "calm"
    intent: str = "OTHER"
    topic: str | None = None
    command: str | None = None
    rule: str = ""
    leant: bool = False
    doubted: bool = False
    numbers: bool = False
    card: str = ""


NOTHING = Meaning()
