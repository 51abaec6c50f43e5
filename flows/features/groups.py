"""A communication group: take a code, say yes to it, leave, choose a card and propose it."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.model.definition import State
from flows.model.effects import LeaveVillage, ProposeBroadcast, Redeem
from flows.model.facts import VillageSeen
from flows.model.messages import Outgoing
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing, asking_nothing, outgoing
from flows.text.invitation_codes import code_in

CONSENT_TO_NEWS = "C9"
LISTENING_CARD = "village_listen"
LONG_TITLE = "Tổ truyền thông cộng đồng thôn Nậm Pọng, xã Mường Mươn, tỉnh Điện Biên"
MANY = 200_000
"""A group's title and its audience, as long as they come."""


@condition()
def code_typed(context: Context) -> bool:
    """What she typed has the shape of an invitation code."""
    return bool(code_in(context.incoming.text))


@action()
def note_code(context: Context) -> None:
    """Remember the code while she is asked; it is used only after her yes."""
    invited = context.facts.invited
    if invited is not None:
        context.session.data = {"code": invited.code, "kind": invited.kind, "title": invited.title}


@action(cards=(LISTENING_CARD,), consent=CONSENT_TO_NEWS)
def redeem(context: Context) -> None:
    """Use the code: she is bound to the group."""
    version = context.content.version(LISTENING_CARD, context.session.lang)
    context.effects.append(Redeem(context.session.data.get("code", ""), context.session.lang, version))


@action(cards=(LISTENING_CARD,))
def leave_village(context: Context) -> None:
    """Hear from no group any more."""
    context.effects.append(LeaveVillage(context.content.version(LISTENING_CARD, context.session.lang)))
    context.facts.village = None


@action()
def another_card(context: Context) -> None:
    """Show the next approved card, after the last the first again."""
    cards = context.facts.village.cards if context.facts.village else ()
    context.update_data(card=str((context.card_number() + 1) % max(1, len(cards))))


@action(consent=CONSENT_TO_NEWS)
def propose_broadcast(context: Context) -> None:
    """Propose the card she sees to her group's audience; a second person decides."""
    card = card_on_show(context.facts.village, context.card_number())
    if context.facts.village is not None and card:
        context.effects.append(ProposeBroadcast(card, context.facts.village.group))


def card_on_show(village: VillageSeen | None, number: int) -> str:
    """The approved card at a place; "" when there is none."""
    cards = village.cards if village else ()
    return cards[number % len(cards)] if cards else ""


@condition(proves=CONSENT_TO_NEWS)
def is_member(context: Context) -> bool:
    """She is a member of a communication group."""
    return context.facts.village is not None and context.facts.village.member


@condition(proves=CONSENT_TO_NEWS)
def listens(context: Context) -> bool:
    """She hears from a communication group."""
    return context.facts.village is not None


@condition()
def cards_to_share(context: Context) -> bool:
    """There is a card that a member may send."""
    return context.facts.village is not None and bool(context.facts.village.cards)


def _invitations(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for card in ("village_join", "village_listen"):
        yield outgoing(phrasing.library.say(card, lang, title=LONG_TITLE))
    yield phrasing.card("call.bind", lang)


@prompt(samples=_invitations)
def invited_to(context: Context, state: State) -> Outgoing:
    """Return what her code offers: to hear from a group, to be a member of it, or to be paged when staff is needed."""
    content, data, lang = context.content, context.session.data, context.session.lang
    if data.get("kind") == "staff":
        return content.card("call.bind", lang)
    card = "village_join" if data.get("kind") == "member" else "village_listen"
    return outgoing(content.library.say(card, lang, title=data.get("title", "")))


def _cards_to_share(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """A card of a shelf with what stands below it; which cards a member may choose is a matter of approval."""
    about = phrasing.about_people(MANY, lang)
    tail = outgoing(phrasing.library.say("village_about", lang, title=LONG_TITLE, count=about))
    for shelf in phrasing.library.shelves:
        for card in phrasing.shelf(shelf):
            yield phrasing.joined(asking_nothing(phrasing.card(card, lang)), tail)


@prompt(samples=_cards_to_share)
def card_to_share(context: Context, state: State) -> Outgoing:
    """Return the card a member would send, exactly as it will be seen, and about how many people will see it."""
    village, content, lang = context.facts.village, context.content, context.session.lang
    if village is None or not village.cards:
        return content.card("village_no_cards", lang)
    card = content.card(card_on_show(village, context.card_number()), lang)
    about = content.about_people(village.audience, lang)
    tail = outgoing(content.library.say("village_about", lang, title=village.title, count=about))
    return content.joined(asking_nothing(card), tail)
