"""Actions of a village's group: take a code, say yes to it, leave, choose a card and propose it."""

from __future__ import annotations

from flows.context import Context
from flows.model.effects import LeaveVillage, ProposeBroadcast, Redeem
from flows.model.session import VillageSeen

LISTENING_CARD = "village_listen"


def note_code(context: Context) -> None:
    """Remember the code while she is asked; it is used only after her yes."""
    invited = context.invited
    if invited is not None:
        context.data = {"code": invited.code, "kind": invited.kind, "title": invited.title}


def redeem(context: Context) -> None:
    """Use the code: she is bound to the group."""
    version = context.content.version(LISTENING_CARD, context.lang)
    context.effects.append(Redeem(context.data.get("code", ""), context.lang, version))


def leave_village(context: Context) -> None:
    """Hear from no village any more."""
    context.effects.append(LeaveVillage(context.content.version(LISTENING_CARD, context.lang)))
    context.village = None


def another_card(context: Context) -> None:
    """Show the next approved card, after the last the first again."""
    cards = context.village.cards if context.village else ()
    context.update_data(card=str((context.card_number() + 1) % max(1, len(cards))))


def propose_broadcast(context: Context) -> None:
    """Propose the card she sees to her group's audience; a second person decides."""
    card = card_on_show(context.village, context.card_number())
    if context.village is not None and card:
        context.effects.append(ProposeBroadcast(card, context.village.group))


def card_on_show(village: VillageSeen | None, number: int) -> str:
    """The approved card at a place; "" when there is none."""
    cards = village.cards if village else ()
    return cards[number % len(cards)] if cards else ""
