"""Effects on a group: who is bound to it, and what a member proposes."""

from __future__ import annotations

import contextlib

from flows.model import effects
from store.broadcasts import proposals
from store.broadcasts.proposals import ProposedCard, propose
from store.effects.base import Batch, EffectRequest
from store.effects.registry import applies
from store.errors import Refused
from store.groups import service as groups
from store.staff import contacts
from store.unit_of_work import MEMBER


@applies(effects.Redeem)
async def redeem(batch: Batch, request: EffectRequest, effect: effects.Redeem) -> None:
    """Bind a staff member's own phone by the code, or else the person to the group it invites to."""
    if not await contacts.bind(batch.work, request.person_id, effect.code):
        await groups.redeem(batch.work, request.person_id, effect)


@applies(effects.EndNews)
async def end_news(batch: Batch, request: EffectRequest, effect: effects.EndNews) -> None:
    """Let her hear from no group any more."""
    await groups.end_news(batch.work, request.person_id, effect.version)


@applies(effects.LeaveVillage)
async def leave_village(batch: Batch, request: EffectRequest, effect: effects.LeaveVillage) -> None:
    """Let her hear from no group any more, and be a member of none."""
    await groups.end_news(batch.work, request.person_id, effect.version)
    await groups.leave(batch.work, request.person_id)
    await proposals.take_back(batch.work, request.person_id)


@applies(effects.ProposeBroadcast)
async def propose_broadcast(batch: Batch, request: EffectRequest, effect: effects.ProposeBroadcast) -> None:
    """Propose a card to the audience of her group."""
    proposed = ProposedCard(effect.card, effect.group, request.person_id)
    with contextlib.suppress(Refused):  # approval or membership ended a moment ago: nothing is proposed
        await propose(batch.work.acting_as(MEMBER), request.library, proposed, drafts=request.drafts)
