"""The shapes of reviewed content: cards, services, channel limits and sources, as their files hold them."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec

Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$", max_length=60)]
Day = Annotated[str, msgspec.Meta(pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]$")]
MaybeDay = Annotated[str, msgspec.Meta(pattern=r"^(20[0-9]{2}-[01][0-9]-[0-3][0-9])?$")]
Words = Annotated[str, msgspec.Meta(min_length=1)]
Texts = dict[str, Words]
"""One text per language code; "vi" is always there."""

CardStatus = Literal["draft", "reviewed", "approved", "recalled"]
LangCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-x-[a-z0-9]{2,8})?$")]
"""An ISO 639 code; the private part names one of several ways to write the language."""
Style = Literal["", "good", "danger"]
DIAL_FROM = r"^(vn|anywhere|abroad|[A-Z]{2})$"


class CardChoice(msgspec.Struct, frozen=True):
    """One answer offered under a card: what she reads and what the flow reads."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    value: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$", max_length=40)]
    style: Style = ""


class EarlierVersion(msgspec.Struct, frozen=True):
    """A text that a card had before; a conversation that began with it goes on reading it."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    text: Words


class Recalled(msgspec.Struct, frozen=True):
    """Since when and why a card is not shown any more; `instead` is the card shown in its place ("" = none)."""

    since: Day
    because: Words
    instead: str = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One text in one language, with everything a reviewer must know about it.

    `source` holds keys of sources.yaml ("own" = our wording, no outside fact). `review_by` is a day
    (Asia/Ho_Chi_Minh) after which the card is overdue, never switched off. `slots` lists the `{name}`s the
    text may use; `{number:…}`, `{hours:…}`, `{cost:…}`, `{name:…}` (a service) and `{law:…}` need none.
    `needs_review` names gates still open (safety, legal, language, audio). `neutral` promises an opening safe on a
    lock screen; `protect` forbids forwarding. `topic` is the shelf it stands on, `also` names further ones. `code`
    is its number in the programme's own list of cards, `action` a flow it leads into. `earlier` keeps texts that
    conversations may still be reading, `approved_by` the people who agreed to it.
    """

    id: Key
    lang: LangCode
    version: Annotated[int, msgspec.Meta(ge=1)]
    text: Words
    topic: Key
    also: tuple[Key, ...] = ()
    code: Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{3}-[0-9]{2})?$")] = ""
    action: Literal["", "job_check", "silent_help", "docs_wizard"] = ""
    aud: Literal["all", "women", "men", "youth", "parents", "returnees", "groups"] = "all"
    owner: Key
    status: CardStatus
    review_by: Day
    source: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    choices: tuple[CardChoice, ...] = ()
    slots: tuple[Key, ...] = ()
    needs_review: tuple[Literal["safety", "legal", "language", "fact", "audio"], ...] = ()
    neutral: bool = False
    protect: bool = False
    title: str = ""
    note: str = ""
    earlier: tuple[EarlierVersion, ...] = ()
    recalled: Recalled | None = None
    approved_by: tuple[Words, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def digest(self) -> str:
        """Return a short mark of exactly what is read: language, text and answers."""
        read = "\x1f".join([self.lang, self.text, *(f"{choice.value}={choice.label}" for choice in self.choices)])
        return hashlib.sha256(read.encode()).hexdigest()[:12]

    def as_read(self, digest: str) -> Card:
        """Return the card with the text that has this mark: this one, an earlier one, or this one if none fits."""
        for old in self.earlier:
            before = msgspec.structs.replace(self, text=old.text, version=old.version, earlier=())
            if before.digest == digest:
                return before
        return self


class Number(msgspec.Struct, frozen=True):
    """A dialable number. `dial_from`: "vn", "abroad", "anywhere", or the one country (ISO 3166) where it works.

    `number` is what a phone dials (digits, a leading + when international), `display` how it is written: parted by
    plain spaces, dots or hyphens only. Of a number parted by no-break spaces older Androids make one group tappable,
    and dial that alone. Source: AOSP, android.util.Patterns.PHONE, 2026-11-26.
    `body` overrides the service's body when another organisation answers this number.
    """

    number: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9]{3,15}$")]
    display: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9][0-9 .-]{1,22}[0-9]$")]
    dial_from: Annotated[str, msgspec.Meta(pattern=DIAL_FROM)]
    cost: Literal["free", "charged", "unknown"]


class Hours(msgspec.Struct, frozen=True):
    """When somebody answers, on the clock of `zone`. Days run 1 (Monday) to 7; times are "08:00".

    `kind`: "always" (24/7), "office" (days and times below), "unknown". `holidays` is "closed" where a source says so.
    """

    kind: Literal["always", "office", "unknown"]
    days: tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...] = ()
    opens: Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^$")] = ""
    closes: Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^$")] = ""
    zone: str = "Asia/Ho_Chi_Minh"
    holidays: Literal["", "closed"] = ""


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who helps, with the provenance of every fact.

    `area` is VN or another ISO 3166 code; `province` (official code, "" = the whole country) narrows it. `status`
    says whether a public source was read; `verified_on` stays empty until a person has recorded a test call.
    `emergency` and `handoff` order the numbers shown in an emergency and when nobody of ours is on duty (0 = not
    shown there). `short` is the word beside the number, `asks` what they will ask, `say` one sentence she can say.
    """

    id: Key
    name: Texts
    body: Key
    kind: Literal["emergency", "hotline", "consular", "legal", "shelter", "office", "ngo", "job", "health", "mental"]
    area: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
    province: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{2})?$")] = ""
    numbers: tuple[Number, ...] = ()
    hours: Hours
    langs: tuple[Literal["vi", "en", "zh", "local", "interpreter"], ...] = ()
    serves: str = ""
    not_for: str = ""
    channels: tuple[str, ...] = ()
    short: Texts = {}
    asks: Texts = {}
    say: Texts = {}
    emergency: int = 0
    handoff: int = 0
    staff_only: bool = False
    source: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    source_date: str
    status: Literal["verified", "unverified", "retired"]
    verified_by: str = ""
    verified_on: MaybeDay = ""
    review_by: Day
    note: str = ""
    file: str = ""
    line: int = 0


class RetiredPattern(msgspec.Struct, frozen=True, kw_only=True):
    """A number or name that must not be shown any more, and what replaced it."""

    pattern: Words
    instead: Words
    source: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one channel is called, and what it can carry.

    `name` is what staff read, `full_name` where two of one name stand side by side, in the order of `order`.
    `text_max` and `caption_max` count UTF-16 units or characters as `text_unit` says. `choices` tells whether
    answers are shown as buttons or as a numbered list; `buttons_max` and `button_text_max` bound one message,
    `callback_bytes` the data of a button. `audio` is how sound travels: as a file,
    as a voice message that names an address, as a link in a text. `delete_hours` is how old a message may
    be and still be taken back (0 = never). `window_hours` is how long after her last word the channel still
    carries an answer (0 = for ever), `free_hours` how long it does so free of charge. `media_hosts` are the names, or
    with a leading dot the endings of names, from which what a person sent may be fetched, by https alone; empty
    where files have no address. `photo` and `file` tell how a picture or a document of ours travels ("" = not at all):
    as bytes, or by an address of ours from which the platform fetches it; then its formats, and its thousands of bytes;
    `photo_covered` shows it after a tap. `sheet` names the cards that a human pastes into the channel's own console,
    because no API sets them, `without_numbers` those of them that need not help by themselves, and `about` the one that
    the description of an account repeats. `probes`: the platform tries the address of a webhook with an empty body
    before it trusts it. `polls` tells what becomes of a message that an account was asked for: the platform kept it
    until it was told that it is stored, or gave it once and never again; "" where it brings every message itself.
    """

    channel: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    name: Words
    full_name: Words
    order: int
    text_max: Annotated[int, msgspec.Meta(ge=100)]
    text_unit: Literal["utf16", "characters"]
    caption_max: int
    choices: Literal["buttons", "numbered"]
    buttons_max: int = 0
    buttons_per_row: int = 0
    button_text_max: int = 0
    callback_bytes: int = 0
    audio: Literal["file", "voice", "link"]
    contact_card: bool = False
    protect: bool = False
    delete_hours: int = 0
    messages_per_turn: int = 0
    window_hours: int = 0
    free_hours: int = 0
    media_hosts: tuple[Annotated[str, msgspec.Meta(pattern=r"^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$")], ...] = ()
    photo: Literal["", "bytes", "link"] = ""
    photo_formats: tuple[Literal["jpeg", "png", "webp"], ...] = ()
    photo_kb: int = 0
    photo_covered: bool = False
    file: Literal["", "bytes"] = ""
    file_kb: int = 0
    sheet: tuple[str, ...] = ()
    without_numbers: tuple[str, ...] = ()
    about: str = ""
    probes: bool = False
    polls: Literal["", "kept", "once"] = ""
    source: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    source_date: Day
    review_by: Day
    note: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fact comes from. `reading`: read, secondary (one third party), own (our wording), unread."""

    where: Words
    date: str
    reading: Literal["read", "secondary", "own", "unread"]
