"""Proposals of broadcasts: a card for a group's audience, which waits for a second person."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from content.library import Library
from content.loader import LANGUAGES
from content.schema import Limits
from flows.model.facts import PROPOSAL_WAITS
from flows.model.messages import Outgoing, Shown
from flows.rendering.render import render
from flows.rendering.village_news import as_a_chat_sees, as_listeners_see
from store.broadcasts import review_gates
from store.broadcasts.approvals import approved
from store.broadcasts.models import (
    IN_A_CHAT,
    PROPOSED,
    STOPPED,
    ByChannel,
    announce,
    broadcast,
    broadcast_text,
    digest_of,
    pack,
)
from store.errors import Refused
from store.groups.authorization import require_group, require_member
from store.groups.models import village_group
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

WAITS = PROPOSAL_WAITS
"""How long a proposal can be approved."""


class ProposedCard(msgspec.Struct, frozen=True):
    """A card for the audience of a group; `author_person` is the member who proposes it from her chat, None for staff.

    Staff propose in the name of whoever does the work.
    """

    card: str
    group_id: int
    author_person: UUID | None = None


async def propose(work: UnitOfWork, library: Library, proposed: ProposedCard, *, drafts: bool = False) -> int:
    """Propose a card to a group's audience; it waits for a second person.

    `drafts` as in `approve_card`. Raises Refused, also for staff of another area and for who is no member.
    """
    if proposed.author_person is None:
        await require_group(work, proposed.group_id)
    else:
        await require_member(work, proposed.group_id, proposed.author_person)
    card = proposed.card
    if card not in await approved(work.conn, library):
        raise Refused(Refusal.CARD_NOT_APPROVED)
    await review_gates.require(work, library, card, drafts=drafts)
    if not library.may_go_unasked(card):
        raise Refused(Refusal.CARD_FOR_ONE)
    title = select(village_group.c.title).where(village_group.c.id == proposed.group_id)
    shown = shown_everywhere(library, card, (await work.conn.execute(title)).scalar_one())
    made = await _keep(work, proposed, shown)
    work.record("broadcast.proposed", made)
    announce(work, made, PROPOSED)
    return made


async def _keep(work: UnitOfWork, proposed: ProposedCard, shown: ByChannel) -> int:
    digest = digest_of(proposed.card, proposed.group_id, shown)
    values = msgspec.structs.asdict(proposed) | {"digest": digest, "proposed_at": work.now}
    if proposed.author_person is None:
        values["author_staff"] = work.staff_id
    kept = await work.conn.execute(insert(broadcast).values(values).returning(broadcast.c.id))
    made: int = kept.scalar_one()
    texts = [
        {"broadcast_id": made, "channel": channel, "lang": lang, "shown": pack(one)}
        for (channel, lang), one in shown.items()
    ]
    await work.conn.execute(insert(broadcast_text), texts)
    return made


async def take_back(work: UnitOfWork, person_id: UUID) -> None:
    """Take back what a member proposed and nobody has decided on: she has left, and with her who bound her is gone."""
    hers = (broadcast.c.author_person == person_id) & (broadcast.c.state == PROPOSED)
    taken = update(broadcast).where(hers).values(state=STOPPED, ended_at=work.now).returning(broadcast.c.id)
    for broadcast_id in (await work.conn.execute(taken)).scalars().all():
        work.record("broadcast.taken_back", broadcast_id)
        announce(work, broadcast_id, STOPPED)


def shown_everywhere(library: Library, card: str, title: str) -> ByChannel:
    """What a card from a group would be on every channel and in the group's own chat, in every language.

    Raises Refused when one would need two messages.
    """
    shown: dict[tuple[str, str], Shown] = {}
    for lang in LANGUAGES:
        listeners, chat = (as_sent(library, card, title, lang) for as_sent in (as_listeners_see, as_a_chat_sees))
        for channel, limits in library.limits.items():
            shown[channel, lang] = _one(listeners, limits)
            shown[IN_A_CHAT, lang] = _one(chat, limits)  # nothing to choose in it: it is the same on every channel
    return shown


def _one(message: Outgoing, limits: Limits) -> Shown:
    parts = render(message, limits, 0)
    if len(parts) > 1:
        raise Refused(Refusal.CARD_TOO_LONG)
    return parts[0]
