"""The session: what is remembered of a conversation between two messages; sealed under the person's key."""

from __future__ import annotations

from datetime import datetime

import msgspec

from flows.model.messages import Choice


class Words(msgspec.Struct, frozen=True):
    """Her own words as keyed hashes (16 bytes, empty: none chosen), and whether the cover is on.

    `shown` was chosen behind the cover, where it may not be she who chooses: it is answered as on any phone, and takes
    no cover off.
    """

    own: bytes = b""
    duress: bytes = b""
    covered: bool = False
    shown: bytes = b""

    def uncovered(self) -> Words:
        """Return the same without the cover; a word that was chosen behind it is hers where she had none."""
        return Words(self.own or self.shown, self.duress)


class Written(msgspec.Struct, frozen=True):
    """One message of hers that can be taken back for her: the channel's id of it, and when it came."""

    id: str
    at: datetime


class Typed(msgspec.Struct, frozen=True):
    """One message of hers that she may still change: the channel's id, a keyed hash of its words (8 bytes).

    `handed` says that it went to the people of her case; a change of anything else is none of their business.
    `at` is when it came (None: not known), for what she can change no more is not remembered.
    """

    id: str
    mark: bytes
    handed: bool = False
    at: datetime | None = None


class UnseenFile(msgspec.Struct, frozen=True):
    """A picture or file that a question was asked about: what it was, and the channel's reference to it."""

    kind: str
    media: str


class Offered(msgspec.Struct, frozen=True):
    """Help that "0" brings: the level and the rule of the words that caused the offer, and when.

    Level 0: no danger was heard, and "0" leads to people. `child` says that somebody under eighteen was named,
    `situation` names what she wrote of (content/data/situations.yaml), `words` is what she wrote: whoever takes the
    offer has told it already. It goes with the offer.
    """

    at: datetime
    level: int = 0
    rule: str = ""
    child: bool = False
    situation: str = ""
    words: str = ""


class SmallSigns(msgspec.Struct, frozen=True):
    """What her calm messages of the last day weigh together, in hundredths, fading with each one; no words of hers.

    `at` is when the last of them came, `told` says that they have added an offer to this talk already.
    """

    weight: float = 0.0
    at: datetime | None = None
    told: bool = False


class SetAside(msgspec.Struct, frozen=True):
    """A list of questions that she left for a question of her own: where she was, her answers so far, and when."""

    state: str
    data: dict[str, str]
    at: datetime


class Profile(msgspec.Struct, frozen=True):
    """What one of the people behind a shared account likes and asked us to keep."""

    lang: str
    kept: dict[str, str] = {}
    listening: bool = False
    quiet_exit: bool = False
    address: str = ""


class BotAnswer(msgspec.Struct, frozen=True):
    """One answer of the bot, for the people of a case: never a word of hers.

    `event` is the number of what it answered, `cards` are those it said, `phones` the numbers it gave.
    """

    event: int
    at: datetime
    cards: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


class Session(msgspec.Struct):
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
    `words` are her two own words, made with the salt of the facts, which is never stored with them.
    `quiet_call_taught` says that the card of the silent call was shown here, so that its code may be asked in.
    `kept` holds what she asked us to keep for her (codes, never her words), by what it is of.
    `offered` is the help that "0" would bring, `signs` what her calm messages weigh together, `misses` how many of her
    messages in a row were not understood: of this talk, ended by a stop, an exit and the wish to be forgotten.
    `called_at` is when she called last and nobody took it.
    `asked_at` is when the question on offer was asked, `numbers_at` when she was last shown the numbers of a cry.
    `album` is the last one that was answered, `unseen` what a case that opens now will hold besides her words.
    `address` is how she asked to be called, by its value in content/data/tone.yaml ("": as the texts do).
    `decisions_told` are the proposals to her group of which she knows what became.
    `listening` is her choice to hear before she reads, `voice` the language she hears ("": that of her texts),
    `silence_told` that she knows that what stands on her screen has no voice.
    `aside` is the list of questions that waits for her in this talk.
    `bot_answers` is what the bot answered in this talk while there is no case; a case that opens is shown it.

    A step works on a copy of its own. The bytes in the store outlive a release: a new field has a default, and one that
    is taken away is passed over where it still stands.
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
    quiet_exit: bool = False
    listening: bool = False
    kept: dict[str, str] = msgspec.field(default_factory=dict)
    profile: str = ""
    profiles: dict[str, Profile] = msgspec.field(default_factory=dict)
    voice: str = ""
    silence_told: bool = False
    words: Words = Words()
    written: tuple[Written, ...] = ()
    place_at: datetime | None = None
    situation: str = ""
    present_at: datetime | None = None
    typed: tuple[Typed, ...] = ()
    offered: Offered | None = None
    signs: SmallSigns = SmallSigns()
    misses: int = 0
    called_at: datetime | None = None
    album: str = ""
    unseen: tuple[UnseenFile, ...] = ()
    asked_at: datetime | None = None
    numbers_at: datetime | None = None
    address: str = ""
    quiet_call_taught: bool = False
    aside: SetAside | None = None
    decisions_told: tuple[int, ...] = ()
    bot_answers: tuple[BotAnswer, ...] = ()
