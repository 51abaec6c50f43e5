"""Effects on a group: who is bound to it, and what a member proposes."""

from __future__ import annotations

import contextlib

from flows.model import effects
from store.broadcasts import service as broadcasts
from store.effects.base import Batch, EffectRequest
from store.effects.registry import applies
from store.errors import Refused
from store.groups import service as groups
from store.staff import contacts


@applies(effects.Redeem)
async def redeem(batch: Batch, request: EffectRequest, effect: effects.Redeem) -> None:
    """Bind a staff member's own phone by the code, or else the person to the group it invites to."""
    conn, now, keys = batch.conn, batch.now, batch.store.keys
    if await contacts.bind(conn, now, keys, person_id=request.person_id, code=effect.code):
        return
    await groups.redeem(
        conn,
        now,
        keys.index,
        person_id=request.person_id,
        code=effect.code,
        lang=effect.lang,
        version=effect.version,
    )


@applies(effects.LeaveVillage)
async def leave_village(batch: Batch, request: EffectRequest, effect: effects.LeaveVillage) -> None:
    """Let her hear from no group any more."""
    await groups.leave(batch.conn, batch.now, person_id=request.person_id, version=effect.version)


@applies(effects.ProposeBroadcast)
async def propose_broadcast(batch: Batch, request: EffectRequest, effect: effects.ProposeBroadcast) -> None:
    """Propose a card to the audience of her group."""
    with contextlib.suppress(Refused):  # approval or membership ended a moment ago: nothing is proposed
        await broadcasts.propose_as_member(
            batch.conn,
            batch.now,
            batch.store.keys.audit,
            request.library,
            card=effect.card,
            group_id=effect.group,
            person_id=request.person_id,
            drafts=request.drafts,
        )
