"""Proposals of broadcasts: a card for a group's audience, which waits for a second person."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import insert

from content.library import Library
from content.loader import LANGUAGES
from flows.model.messages import Outgoing, Shown
from flows.rendering.render import render
from store.broadcasts import review_gates
from store.broadcasts.approvals import approved
from store.broadcasts.models import (
    PROPOSED,
    ByChannel,
    announce,
    broadcast,
    broadcast_text,
    digest_of,
    pack,
)
from store.errors import Refused
from store.groups.authorization import require_group, require_member
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

WAITS = timedelta(hours=24)
"""How long a proposal can be approved; afterwards it must be proposed again."""


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
    made = await _keep(work, proposed, shown_everywhere(library, card))
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
