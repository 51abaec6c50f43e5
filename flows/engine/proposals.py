"""Proposals: what became of a card that she proposed to her group is told with the answer to her next message.

Nothing leaves because staff approved or refused (safety rules 6 and 22). It is told at the first page and in the
group's own pages only: not beside a case, behind a cover, or to whoever leaves.
"""

from __future__ import annotations

from flows.context import Context
from flows.model.effects import Say
from flows.model.facts import PROPOSAL_WAITS, ProposalSeen
from flows.model.messages import Outgoing
from flows.rendering.phrasing import outgoing

TOLD_AT = ("Menu:", "Village:")
"""Where she may be told."""
DECIDED = {
    **dict.fromkeys(("sending", "paused", "done"), "village_approved"),
    "refused": "village_refused",
    "stopped": "village_stopped",
}
"""The card that says what became of a proposal, by the state of its broadcast."""
LATE = "village_too_late"
"""The card of a proposal that nobody has decided on in time."""


def tell_decisions(context: Context) -> None:
    """Say first, once each, what became of her proposals."""
    village, session = context.facts.village, context.session
    if village is None or not village.proposals or not _may_be_told(context):
        return
    decided = {one.id: card for one in village.proposals if (card := _outcome(context, one))}
    untold = [one for one in reversed(village.proposals) if one.id in decided.keys() - set(session.decisions_told)]
    lines = [Say(_line(context, decided[one.id], one)) for one in untold if one.card in context.content.library.cards]
    context.effects[:0] = lines
    session.decisions_told = tuple(sorted(decided))


def _may_be_told(context: Context) -> bool:
    """Say whether she stands where it may be told, with nothing of a case and no cover near."""
    facts, session = context.facts, context.session
    waits = facts.care is not None and bool(facts.care.code)
    apart = facts.case is not None or context.hidden is not None or session.words.covered or waits
    return not apart and session.state.startswith(TOLD_AT) and context.before.last_at is not None


def _outcome(context: Context, one: ProposalSeen) -> str:
    """Name the card that says what became of a proposal; "" while it waits."""
    late = one.state == "proposed" and context.now - one.at > PROPOSAL_WAITS
    return LATE if late else DECIDED.get(one.state, "")


def _line(context: Context, card: str, one: ProposalSeen) -> Outgoing:
    library, lang = context.content.library, context.session.lang
    return outgoing(library.say(card, lang, title=library.title(one.card, lang)))
