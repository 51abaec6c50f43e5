"""The session: what is remembered of a conversation between two messages; sealed under the person's key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from flows.model.messages import Choice, Sound


class CaseSeen(msgspec.Struct, frozen=True):
    """The open case of this person as the store saw it just before the step.

    `since` is when it reached its level (aware, UTC), `told` that she knows that nobody has taken it yet.
    `answered`: a human has written since she last did, so a digit of hers is for that human.
    """

    id: str
    number: str
    level: int
    human_here: bool = False
    since: datetime | None = None
    told: bool = False
    answered: bool = False


class CareSeen(msgspec.Struct, frozen=True):
    """Her check-ins as the store saw them just before the step.

    `plan` is "agreed", "active" or "paused". While a check-in waits for her word, `code` is the word's keyed hash and
    `salt` what it was made with; both are empty otherwise.
    """

    plan: str
    code: bytes = b""
    salt: bytes = b""


class VillageSeen(msgspec.Struct, frozen=True):
    """The group this person belongs to or hears from, as the store saw it just before the step.

    Only a member sees `audience` (people, whole) and `cards` (approved for sending now).
    """

    group: int
    title: str
    member: bool
    audience: int = 0
    cards: tuple[str, ...] = ()


class InvitedSeen(msgspec.Struct, frozen=True):
    """What the code in this very message would bind her to: `kind` is "member", "audience", "speaker" or "staff"."""

    code: str
    kind: str
    title: str


class Words(msgspec.Struct, frozen=True):
    """Her own words as keyed hashes (16 bytes, empty: none chosen), and whether the cover is on."""

    own: bytes = b""
    duress: bytes = b""
    covered: bool = False


class Written(msgspec.Struct, frozen=True):
    """One message of hers that can be taken back for her: the channel's id of it, and when it came."""

    id: str
    at: datetime


class Typed(msgspec.Struct, frozen=True):
    """One message of hers that she may still change: the channel's id, a keyed hash of its words (8 bytes).

    `handed` says that it went to the people of her case; a change of anything else is none of their business.
    """

    id: str
    mark: bytes
    handed: bool = False


class Profile(msgspec.Struct, frozen=True):
    """What one of the people behind a shared account likes and asked us to keep."""

    lang: str
    kept: dict[str, str] = {}
    listening: bool = False
    quiet_exit: bool = False


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


class Session(msgspec.Struct, frozen=True):
    """A conversation: `state` is `Flow:state` (aiogram's vocabulary), `data` the FSM data of that flow.

    `nonce` counts prompts: a press that carries an older nonce is a press on an old question.
    `prompt` holds the choices now on offer, in the order of their numbers.
    `place` is "vn", "vn:NN" (a province's official code), "abroad", "abroad:XX" (ISO 3166) or "" (unknown, treated as
    perhaps abroad).
    It is only what she said of herself; `place_at` is when (aware, UTC; None: not known).
    `situation` is what she wrote of in this talk, by its name in content/data/situations.yaml ("": nothing of those).
    `level` is the highest danger level reached (0-4); only a human lowers it.
    `quiet_exit` is her choice that leaving in a hurry answers nothing at all (no cover messages).
    `profile` is the open profile of a shared account ("" is the neutral one), `profiles` the closed ones.
    `written` are her latest messages beside a case, so that they can be deleted with ours where a channel can.
    `present_at` is when she last wrote or was last reported to come or go, by the channel's clock: an older report that
    she left says nothing any more.
    `typed` are her latest messages, so that a change of one is told from a report of the same words.
    `words` are her two own words, made with `salt` (hers alone, given by the pipeline, never stored with them).
    `kept` holds what she asked us to keep for her (codes, never her words), by what it is of.
    `case`, `care`, `village`, `invited` and `on_duty` are facts refreshed by the pipeline before each step, never
    decisions of a flow.
    `listening` is her choice to hear before she reads, `voice` the language she hears ("": that of her texts).
    `case`, `care`, `village`, `invited`, `speaking`, `sounds` (what can be heard now, by `card.lang`) and `on_duty`
    are facts refreshed by the pipeline before each step, never decisions of a flow.
    """

    state: str = "Idle:idle"
    data: dict[str, str] = msgspec.field(default_factory=dict)
    lang: str = "vi"
    nonce: int = 0
    prompt: tuple[Choice, ...] = ()
    place: str = ""
    level: int = 0
    stopped: bool = False
    quiet_until: datetime | None = None
    last_at: datetime | None = None
    case: CaseSeen | None = None
    on_duty: bool = False
    quiet_exit: bool = False
    listening: bool = False
    kept: dict[str, str] = msgspec.field(default_factory=dict)
    profile: str = ""
    profiles: dict[str, Profile] = msgspec.field(default_factory=dict)
    care: CareSeen | None = None
    village: VillageSeen | None = None
    invited: InvitedSeen | None = None
    voice: str = ""
    speaking: SpeakingSeen | None = None
    sounds: Mapping[str, Sound] = {}
    words: Words = Words()
    written: tuple[Written, ...] = ()
    salt: bytes = b""
    place_at: datetime | None = None
    situation: str = ""
    present_at: datetime | None = None
    typed: tuple[Typed, ...] = ()
