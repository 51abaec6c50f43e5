"""Operations on broadcasts: approve a card's words, propose, decide with a second person, pause, stop, count."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.loader import LANGUAGES
from flows.model.messages import Outgoing, Shown
from flows.rendering.render import render
from store import audit
from store.areas.models import NATION
from store.areas.scopes import within
from store.broadcasts import review_gates
from store.broadcasts.models import (
    PAUSED,
    PROPOSED,
    REFUSED,
    SENDING,
    STOPPED,
    ByChannel,
    announce,
    broadcast,
    broadcast_text,
    card_approval,
    digest_of,
)
from store.errors import Refused
from store.groups.authorization import require_group
from store.groups.models import membership, subscription, village_group
from store.messages.models import Cause, Status, ledger
from store.refusals import Refusal
from store.staff import authorization, review_languages

WAITS = timedelta(hours=24)
"""How long a proposal can be approved; afterwards it must be proposed again."""
LIVES = timedelta(hours=48)
"""How long after its approval a broadcast may still leave: a warning of last week helps nobody."""
AFTER = {"pause": PAUSED, "resume": SENDING, "stop": STOPPED}
MOVING = (SENDING, PAUSED)
_encode = msgspec.msgpack.Encoder().encode


class Proposal(msgspec.Struct, frozen=True):
    """A broadcast as staff see it; counts are whole here and rounded where they are shown."""

    id: int
    card: str
    group_id: int
    title: str
    state: str
    digest: bytes
    author_staff: UUID | None
    proposed_at: datetime
    decided_at: datetime | None
    audience: int


class Results(msgspec.Struct, frozen=True):
    """What became of a broadcast. Who must stay apart counts as reached: a count is an oracle (safety rule 13)."""

    planned: int
    sent: int
    waiting: int
    failed: int


def words_digest(library: Library, card: str, lang: str) -> bytes:
    """The digest of a card's exact words in one language."""
    said = library.say(card, lang)
    return hashlib.sha256(_encode((card, lang, said.text, said.choices, said.phones))).digest()


async def approve_card(
    conn: AsyncConnection,
    now: datetime,
    key: bytes,
    library: Library,
    *,
    card: str,
    staff_id: UUID | None,
    drafts: bool = False,
) -> None:
    """Approve a card's words, in every language, for broadcasting. Changed words need a new approval.

    It holds in the whole nation, so it is given by somebody who works for it; without `staff_id` by the service itself.
    `drafts` lets a trial approve what nobody has reviewed. Raises Refused, OutOfScope, NotGiven when one of the
    languages is not hers, and GatesOpen naming every review and fact that is still open.
    """
    if not library.has(card):
        raise Refused(Refusal.CARD_NOT_FOUND)
    if staff_id is not None:
        await authorization.require(conn, staff_id, NATION)
        await review_languages.require(conn, staff_id, LANGUAGES)
    review_gates.require(library, card, now, drafts=drafts)
    for lang in LANGUAGES:
        values = {
            "card": card,
            "lang": lang,
            "digest": words_digest(library, card, lang),
            "approved_by": staff_id,
            "at": now,
        }
        await conn.execute(pg_insert(card_approval).values(values).on_conflict_do_nothing())
    actor = str(staff_id) if staff_id else "demo"
    await audit.record(conn, now, key, actor=actor, action="card.approved", object=card[:64])


async def ready(conn: AsyncConnection, now: datetime, library: Library, *, drafts: bool = False) -> tuple[str, ...]:
    """The approved cards that nothing bars from being broadcast now, in reading order."""
    found = await approved(conn, library)
    return tuple(card for card in found if not review_gates.barred_by(library, card, now, drafts=drafts))


async def approved(conn: AsyncConnection, library: Library) -> tuple[str, ...]:
    """The cards whose present words are approved in every language, in reading order."""
    found = (await conn.execute(select(card_approval.c.card, card_approval.c.lang, card_approval.c.digest))).all()
    known = {(row.card, row.lang, row.digest) for row in found}
    cards = dict.fromkeys(row.card for row in found)
    names = [card for card in library.cards if card in cards and library.has(card)]
    return tuple(c for c in names if all((c, lang, words_digest(library, c, lang)) in known for lang in LANGUAGES))


def shown_everywhere(library: Library, card: str) -> ByChannel:
    """What a card would be on every channel in every language. Raises Refused when one would need two messages."""
    shown: dict[tuple[str, str], Shown] = {}
    for lang in LANGUAGES:
        said = library.say(card, lang)
        for channel, limits in library.limits.items():
            parts = render(Outgoing(said.text, phones=said.phones, neutral=True), limits, 0)
            if len(parts) > 1:
                raise Refused(Refusal.CARD_TOO_LONG)
            shown[channel, lang] = parts[0]
    return shown


async def propose(
    conn: AsyncConnection,
    now: datetime,
    key: bytes,
    library: Library,
    *,
    card: str,
    group_id: int,
    author_person: UUID | None = None,
    author_staff: UUID | None = None,
    drafts: bool = False,
) -> int:
    """Propose a card to a group's audience; it waits for a second person.

    `drafts` as in `approve_card`. Raises Refused with one sentence, OutOfScope for a group outside the area of
    `author_staff`, GatesOpen.
    """
    await require_group(conn, author_staff, group_id)
    if card not in await approved(conn, library):
        raise Refused(Refusal.CARD_NOT_APPROVED)
    review_gates.require(library, card, now, drafts=drafts)
    if not library.may_go_unasked(card):
        raise Refused(Refusal.CARD_FOR_ONE)
    shown = shown_everywhere(library, card)
    values = {
        "group_id": group_id, "card": card, "digest": digest_of(card, group_id, shown), "proposed_at": now,
        "author_person": author_person, "author_staff": author_staff,
    }  # fmt: skip
    made: int = (await conn.execute(insert(broadcast).values(values).returning(broadcast.c.id))).scalar_one()
    texts = [
        {"broadcast_id": made, "channel": channel, "lang": lang, "shown": _encode(one)}
        for (channel, lang), one in shown.items()
    ]
    await conn.execute(insert(broadcast_text), texts)
    actor = str(author_staff) if author_staff else "member"
    await audit.record(conn, now, key, actor=actor, action="broadcast.proposed", object=str(made))
    await announce(conn, made, PROPOSED)
    return made


async def propose_as_member(
    conn: AsyncConnection,
    now: datetime,
    key: bytes,
    library: Library,
    *,
    card: str,
    group_id: int,
    person_id: UUID,
    drafts: bool = False,
) -> int:
    """Propose a card in the name of a member, from her chat. Raises Refused when she is no member of the group."""
    bound = select(membership.c.person_id).where(membership.c.person_id == person_id, membership.c.group_id == group_id)
    if (await conn.execute(bound)).first() is None:
        raise Refused(Refusal.BROADCAST_NOT_MEMBER)
    return await propose(conn, now, key, library, card=card, group_id=group_id, author_person=person_id, drafts=drafts)


async def decide(
    conn: AsyncConnection,
    now: datetime,
    key: bytes,
    library: Library,
    *,
    broadcast_id: int,
    staff_id: UUID,
    digest: bytes,
    yes: bool,
    drafts: bool = False,
) -> None:
    """Approve or refuse what another person proposed, bound to the digest that was shown.

    `drafts` as in `approve_card`. Raises Refused, OutOfScope for a group of another area, GatesOpen for a yes.
    """
    row = await _found(conn, broadcast_id, staff_id)
    if row.state != PROPOSED:
        raise Refused(Refusal.BROADCAST_DECIDED)
    if row.digest != digest:
        raise Refused(Refusal.BROADCAST_NOT_AS_SHOWN)
    if now - row.proposed_at > WAITS:
        raise Refused(Refusal.BROADCAST_TOO_OLD)
    if yes and await _same_person(conn, row, staff_id):
        raise Refused(Refusal.BROADCAST_SECOND_PERSON)
    if yes:
        review_gates.require(library, row.card, now, drafts=drafts)
    state = SENDING if yes else REFUSED
    times = {"not_after": now + LIVES} if yes else {"ended_at": now, "ended_by": staff_id}
    await conn.execute(
        update(broadcast)
        .where(broadcast.c.id == broadcast_id)
        .values(state=state, decided_by=staff_id, decided_at=now, **times)
    )
    action = "broadcast.approved" if yes else "broadcast.refused"
    await audit.record(conn, now, key, actor=str(staff_id), action=action, object=str(broadcast_id))
    await announce(conn, broadcast_id, state)


async def _found(conn: AsyncConnection, broadcast_id: int, staff_id: UUID) -> Any:
    """The locked row of a broadcast to a group in a member's area. Raises Refused, OutOfScope."""
    query = select(broadcast, village_group.c.area).join(village_group, village_group.c.id == broadcast.c.group_id)
    row = (await conn.execute(query.where(broadcast.c.id == broadcast_id).with_for_update(of=broadcast))).one_or_none()
    if row is None:
        raise Refused(Refusal.BROADCAST_NOT_FOUND)
    await authorization.require(conn, staff_id, row.area)
    return row


async def _same_person(conn: AsyncConnection, row: Any, staff_id: UUID) -> bool:
    """Whether who decides also wrote it, or bound the member who did."""
    if row.author_staff is not None:
        return bool(row.author_staff == staff_id)
    query = select(membership.c.invited_by).where(
        membership.c.person_id == row.author_person, membership.c.group_id == row.group_id
    )
    return (await conn.execute(query)).scalar_one_or_none() == staff_id


async def change(
    conn: AsyncConnection,
    now: datetime,
    key: bytes,
    library: Library,
    *,
    broadcast_id: int,
    staff_id: UUID,
    act: str,
    drafts: bool = False,
) -> None:
    """Pause, resume or stop a broadcast that is on its way.

    `drafts` as in `approve_card`. Raises Refused, OutOfScope for a group of another area, GatesOpen for a resume.
    """
    row = await _found(conn, broadcast_id, staff_id)
    if act == "resume":
        review_gates.require(library, row.card, now, drafts=drafts)
    await steer(conn, now, key, broadcast_id=broadcast_id, staff_id=staff_id, act=act)


async def steer(
    conn: AsyncConnection, now: datetime, key: bytes, *, broadcast_id: int, staff_id: UUID, act: str
) -> None:
    """Pause, resume or stop a broadcast wherever it goes, as the recall of its card does. Raises Refused."""
    to = AFTER[act]
    ended = {"ended_at": now, "ended_by": staff_id} if to == STOPPED else {}
    query = (
        update(broadcast)
        .where(broadcast.c.id == broadcast_id, broadcast.c.state.in_(MOVING), broadcast.c.state != to)
        .values(state=to, **ended)
        .returning(broadcast.c.id)
    )
    if (await conn.execute(query)).scalar_one_or_none() is None:
        raise Refused(Refusal.BROADCAST_NOT_UNDER_WAY)
    await audit.record(conn, now, key, actor=str(staff_id), action=f"broadcast.{act}", object=str(broadcast_id))
    await announce(conn, broadcast_id, to)


async def proposals(
    conn: AsyncConnection, broadcast_id: int | None = None, most: int = 50, *, scope: str
) -> list[Proposal]:
    """Broadcasts to groups that a scope covers, the newest first; one alone when named."""
    listens = select(func.count()).where(subscription.c.group_id == broadcast.c.group_id).scalar_subquery()
    query = (
        select(broadcast, village_group.c.title, listens.label("audience"))
        .join(village_group, village_group.c.id == broadcast.c.group_id)
        .where(within(village_group.c.area, scope))
        .order_by(broadcast.c.id.desc())
        .limit(most)
    )
    if broadcast_id is not None:
        query = query.where(broadcast.c.id == broadcast_id)
    return [
        Proposal(
            row.id,
            row.card,
            row.group_id,
            row.title,
            row.state,
            row.digest,
            row.author_staff,
            row.proposed_at,
            row.decided_at,
            row.audience,
        )
        for row in (await conn.execute(query)).all()
    ]


async def results(conn: AsyncConnection, broadcast_id: int) -> Results:
    """Count what became of a broadcast's messages to people; the group's own chat is not counted."""
    query = (
        select(ledger.c.status, ledger.c.reason, func.count().label("n"))
        .where(ledger.c.cause_kind == Cause.BROADCAST, ledger.c.cause == broadcast_id, ledger.c.person_id.is_not(None))
        .group_by(ledger.c.status, ledger.c.reason)
    )
    counted: Mapping[str, int] = {"planned": 0, "sent": 0, "waiting": 0, "failed": 0}
    counted = dict(counted)
    for row in (await conn.execute(query)).all():
        counted["planned"] += row.n
        counted[_kind(row.status, row.reason)] += row.n
    return Results(**counted)


def _kind(status: int, reason: str | None) -> str:
    if status == Status.SENT or reason == "apart":
        return "sent"
    return "waiting" if status in (Status.READY, Status.SENDING, Status.DEFERRED) else "failed"
