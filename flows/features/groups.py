"""A communication group: take a code, hear its news, choose a card and propose it, leave it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from flows.context import Context
from flows.model.definition import State
from flows.model.effects import EndNews, LeaveVillage, ProposeBroadcast, Redeem
from flows.model.messages import Outgoing
from flows.parsing.about_news import asks_of_news
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import TITLES_PER_PAGE, Phrasing, outgoing
from flows.rendering.village_news import as_proposed, titles_page
from flows.text.invitation_codes import nearly_code

CONSENT_TO_NEWS = "C9"
LISTENING_CARD = "village_listen"
LONG_TITLE = "Tổ truyền thông cộng đồng thôn Nậm Pọng, xã Mường Mươn, tỉnh Điện Biên"
"""A group's title, as long as they come."""
AT, CARD = "Village.at", "Village.card"
"""Where in the list of titles she is, and the card she has taken from it."""
MANY = 200_000
"""People of an audience, as many as there are."""
IN_SETTINGS = "listening"
"""What a member finds in the settings only: her first page offers to send a card instead."""
BOUND = {"member": "village_joined", "audience": "village_subscribed"}
"""What is said to whoever has said yes to a code, by its kind."""


@condition()
def code_typed(context: Context) -> bool:
    """What she typed is, or was meant as, an invitation code."""
    return nearly_code(context.incoming.text)


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


@action(cards=("noted", *BOUND.values()))
def say_bound(context: Context) -> None:
    """Say what her yes has made her, by the name of the group."""
    content, data, lang = context.content, context.session.data, context.session.lang
    bound = BOUND.get(data.get("kind", ""))
    if bound is None:
        context.say(content.card("noted", lang))
    else:
        context.say(outgoing(content.library.say(bound, lang, title=data.get("title", ""))))


@action(cards=(LISTENING_CARD,), without_consent="it ends what she agreed to")
def end_news(context: Context) -> None:
    """Hear from no group any more; who hears from none is left as she is."""
    village = context.facts.village
    if village is None:
        return
    context.effects.append(EndNews(context.content.version(LISTENING_CARD, context.session.lang)))
    context.facts.village = village if village.member else None


@action(cards=(LISTENING_CARD,))
def leave_village(context: Context) -> None:
    """Hear from no group any more, and be a member of none."""
    context.effects.append(LeaveVillage(context.content.version(LISTENING_CARD, context.session.lang)))
    context.facts.village = None


@condition(proves=CONSENT_TO_NEWS)
def is_member(context: Context) -> bool:
    """She is a member of a communication group."""
    return context.facts.village is not None and context.facts.village.member


@condition(proves=CONSENT_TO_NEWS)
def listens(context: Context) -> bool:
    """She hears from a communication group."""
    return context.facts.village is not None


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


@action()
def first_titles(context: Context) -> None:
    """Begin with the first titles."""
    context.update_data(**{AT: "0"})


@action()
def next_titles(context: Context) -> None:
    """Go on to the next titles."""
    _turn(context, TITLES_PER_PAGE)


@action()
def titles_before(context: Context) -> None:
    """Go back to the titles before."""
    _turn(context, -TITLES_PER_PAGE)


@action()
def take_card(context: Context) -> None:
    """Take the card whose title she chose."""
    context.update_data(**{CARD: context.answer})


@action(consent=CONSENT_TO_NEWS)
def propose_broadcast(context: Context) -> None:
    """Propose the card she sees to her group's audience; a second person decides."""
    if context.facts.village is not None and card_still_approved(context):
        context.effects.append(ProposeBroadcast(_taken(context), context.facts.village.group))


@condition()
def cards_to_share(context: Context) -> bool:
    """There is a card that a member may send."""
    return bool(_cards(context))


@condition()
def title_approved(context: Context) -> bool:
    """The card whose title she chose may still be sent."""
    return context.answer in _cards(context)


@condition()
def card_still_approved(context: Context) -> bool:
    """The card she sees may still be sent: what was approved may be taken back while she reads."""
    return _taken(context) in _cards(context)


def _cards(context: Context) -> tuple[str, ...]:
    """The cards that may be sent now, in reading order."""
    return context.facts.village.cards if context.facts.village is not None else ()


def _taken(context: Context) -> str:
    """The card she has taken from the list; "" when there is none."""
    return context.session.data.get(CARD, "")


def _turn(context: Context, by: int) -> None:
    context.update_data(**{AT: str(max(0, _at(context) + by))})


def _at(context: Context) -> int:
    """Where the page of titles begins; the last page where cards were taken back meanwhile."""
    last = max(0, len(_cards(context)) - 1) // TITLES_PER_PAGE * TITLES_PER_PAGE
    return min(last, int(context.session.data.get(AT, "0")))


def _every_page(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """Pages of each shelf; which cards a member may choose is a matter of approval."""
    for shelf in phrasing.library.shelves:
        cards = phrasing.shelf(shelf)
        for at in range(0, len(cards), TITLES_PER_PAGE):
            yield titles_page(phrasing, cards, at, state.choices, lang)


@prompt(samples=_every_page, offers=True)
def cards_by_title(context: Context, state: State) -> Outgoing:
    """Return a page of the titles of the cards that may be sent, which says how many there are."""
    if not _cards(context):
        return context.content.card("village_no_cards", context.session.lang)
    return titles_page(context.content, _cards(context), _at(context), state.choices, context.session.lang)


def _cards_to_share(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    about = {"count": phrasing.about_people(MANY, lang), "n": "99", "total": "99"}
    for shelf in phrasing.library.shelves:
        for card in phrasing.shelf(shelf):
            yield as_proposed(phrasing, card, LONG_TITLE, about, lang)


@prompt(samples=_cards_to_share)
def card_to_share(context: Context, state: State) -> Outgoing:
    """Return the card a member would send, exactly as it will be seen, and about how many people will see it."""
    village, cards, card, lang = context.facts.village, _cards(context), _taken(context), context.session.lang
    if village is None or card not in cards:
        return context.content.card("village_no_cards", lang)
    place = {"n": str(cards.index(card) + 1), "total": str(len(cards))}
    about = {"count": context.content.about_people(village.audience, lang), **place}
    return as_proposed(context.content, card, village.title, about, lang)


def _first_pages(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    yield from (phrasing.card("menu", lang), _members_page(phrasing, lang))


def _members_page(phrasing: Phrasing, lang: str) -> Outgoing:
    """Put sending a card where the first page offers what else is in the settings; every other digit is the same."""
    page, hers = phrasing.card("menu", lang), phrasing.card("menu_member", lang).choices[0]
    choices = tuple(hers if choice.value == IN_SETTINGS else choice for choice in page.choices)
    return msgspec.structs.replace(page, choices=choices)


@prompt(samples=_first_pages, some="menu_member")
def first_page(context: Context, state: State) -> Outgoing:
    """Return the first page; a member's offers to send a card."""
    lang = context.session.lang
    return _members_page(context.content, lang) if is_member(context) else context.content.card("menu", lang)


@condition()
def news_asked_about(context: Context) -> bool:
    """What she typed asks whether the news is true."""
    return asks_of_news(context.incoming.text)


def _whose(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    yield outgoing(phrasing.library.say("village_sender", lang, title=LONG_TITLE))


@prompt(samples=_whose)
def whose_news(context: Context, state: State) -> Outgoing:
    """Return who sends the news she hears, and who has read it before."""
    title = context.facts.village.title if context.facts.village is not None else ""
    return outgoing(context.content.library.say("village_sender", context.session.lang, title=title))
