"""The facts of a step: what the store knows of a person besides her session, read anew before every step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from flows.model.messages import Sound


class ReferralSeen(msgspec.Struct, frozen=True):
    """What staff of her case asked her last: whether a service ("": those who help for her life) may be told a word.

    `yes` and `no` are the numbers that answer it at any time, `state` how it stands. `asked_at` is when the question
    reached her, None where it is not the last that staff wrote, has not left, or is one of two: then no words of hers
    answer it.
    """

    id: int
    service: str
    yes: str
    no: str
    state: str
    asked_at: datetime | None = None


class CaseSeen(msgspec.Struct, frozen=True):
    """The open case of this person as the store saw it just before the step.

    `since` is when it reached its level (aware, UTC), `told_at` when she was told last that nobody has taken it yet.
    `human_here`: a human has it and has written to her; `human_left`: one wrote to her, and nobody has it now.
    `answered`: one has written since she last did, so a digit of hers is for that human.
    """

    id: str
    number: str
    level: int
    human_here: bool = False
    since: datetime | None = None
    told_at: datetime | None = None
    answered: bool = False
    referral: ReferralSeen | None = None
    human_left: bool = False


class CareSeen(msgspec.Struct, frozen=True):
    """Her check-ins as the store saw them just before the step.

    `plan` is "agreed", "active" or "paused". While a check-in waits for her word, late ones too, `code` is the word's
    keyed hash; `greeted` says that its greeting is on her screen and nobody has given the word yet.
    """

    plan: str
    code: bytes = b""
    greeted: bool = False


PROPOSAL_WAITS = timedelta(hours=24)
"""How long a proposal can be approved; afterwards it must be proposed again."""


class ProposalSeen(msgspec.Struct, frozen=True):
    """A card this member proposed: `state` is that of its broadcast, `at` when she proposed it (aware, UTC)."""

    id: int
    card: str
    state: str
    at: datetime


class VillageSeen(msgspec.Struct, frozen=True):
    """The group this person belongs to or hears from, as the store saw it just before the step.

    Only a member sees `audience` (people, whole), `cards` (approved for sending now) and her latest `proposals`.
    """

    group: int
    title: str
    member: bool
    audience: int = 0
    cards: tuple[str, ...] = ()
    proposals: tuple[ProposalSeen, ...] = ()


class InvitedSeen(msgspec.Struct, frozen=True):
    """What the code in this very message would bind her to: `kind` is "member", "audience", "speaker" or "staff"."""

    code: str
    kind: str
    title: str


class SpeakingSeen(msgspec.Struct, frozen=True):
    """What a trusted speaker lends her voice to: a language, and the cards to be read in it, in order.

    `done` are those that have a recording already, hers or another's, heard or waiting for its review. `refused` says
    by card why the last recording was not taken (a word of the content's `fragment.refused`).
    """

    lang: str
    name: str
    cards: tuple[str, ...] = ()
    done: frozenset[str] = frozenset()
    refused: Mapping[str, str] = {}


class Facts(msgspec.Struct):
    """What the store saw just before the step and hands in; never stored with a session.

    A step moves what it changed itself (a case it opened), so that the next message of a batch need not wait for the
    store. `sounds` is what can be heard now, by `card.lang`; `on_duty` says that a human is, `next_shift` when the next
    turn begins while none is (aware; None: not known); `left_by` is the alias of whoever wrote to her in a case
    that was closed since, until she was told; `salt` is hers alone: her code word and her own words are hashed with it;
    `answer_kept` says that an answer of a human waits for her.
    """

    case: CaseSeen | None = None
    care: CareSeen | None = None
    village: VillageSeen | None = None
    invited: InvitedSeen | None = None
    speaking: SpeakingSeen | None = None
    sounds: Mapping[str, Sound] = {}
    on_duty: bool = False
    next_shift: datetime | None = None
    left_by: str = ""
    salt: bytes = b""
    answer_kept: bool = False
