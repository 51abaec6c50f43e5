"""One card before it is approved: its words in every language, as phones show them, and where it is used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import msgspec
from starlette.responses import Response

from console.pages.content.cards import gates_of
from console.web.request import PageRequest
from content.cards.templates import ANY, FilledTemplate
from content.library import BASE, PREVIEW, Library
from content.loader import LANGUAGES
from flows.engine.loader import load_flows
from flows.model.messages import Shown
from flows.rendering.phrasing import outgoing
from flows.rendering.render import render
from flows.rendering.village_news import as_listeners_see
from store.broadcasts import approvals, card_recalls, overview
from store.errors import Refused
from store.refusals import Refusal

GROUP = "……"
"""In place of the name of the group that will send it, and of whatever a talk puts in."""


class PhonePreview(msgspec.Struct, frozen=True):
    """What a phone shows in one language: by channel as an answer, and as news with the line of a locked screen."""

    lang: str
    answers: tuple[tuple[str, tuple[Shown, ...]], ...]
    news: str
    lock_line: str
    harmless: bool


async def show(page: PageRequest) -> Response:
    """Show one card, whole, with everything that is still open for it."""
    library, card = page.console.library, str(page.request.path_params["card"])
    async with page.console.store.data.connect() as conn:
        await card_recalls.apply(conn, library)
        if not library.has(card):
            raise Refused(Refusal.CARD_NOT_FOUND)
        ready = card in await approvals.approved(conn, library)
        sent = await overview.times_of_card(conn, card)
    marks, barred = gates_of(page, card)
    unasked = not _slots(library, card, BASE) and library.may_go_unasked(card)
    return page.respond(
        "content/card.html",
        card=card, facts=library.card(card), open=marks, barred=barred, ready=ready, unasked=unasked, sent=sent,
        texts=[(lang, _said(library, card, lang).text) for lang in LANGUAGES],
        previews=[_preview(library, card, lang, unasked) for lang in LANGUAGES],
        seen=approvals.words_mark(library, card) if unasked else "",
        shelves=_shelves(page, card), states=_states().get(card, ()),
    )  # fmt: skip


async def approve(page: PageRequest) -> Response:
    """Approve exactly the words that stood on the page."""
    form, card = await page.form(), str(page.request.path_params["card"])
    drafts = page.console.settings.demo
    async with page.unit_of_work() as work:
        await approvals.approve_card(work, page.console.library, card, drafts=drafts, seen=form.text("seen"))
    return page.redirect("card", card=card)


def _said(library: Library, card: str, lang: str) -> FilledTemplate:
    """A card with dots where the talk puts something of its own."""
    return library.say(card, lang, **dict.fromkeys(_slots(library, card, lang), GROUP))


def _slots(library: Library, card: str, lang: str) -> list[str]:
    """What a talk fills in; such a card is no news that a group could send."""
    return [slot for _, _, slot in ANY.findall(library.card(card, lang).text) if slot]


def _preview(library: Library, card: str, lang: str, unasked: bool) -> PhonePreview:
    channels = sorted(library.limits.values(), key=lambda limits: limits.order)
    asked = outgoing(_said(library, card, lang))
    answers = tuple((limits.full_name, render(asked, limits, 0)) for limits in channels)
    news = as_listeners_see(library, card, GROUP, lang).text if unasked else ""
    return PhonePreview(lang, answers, news, news[:PREVIEW], library.is_neutral(news))


def _shelves(page: PageRequest, card: str) -> list[str]:
    library = page.console.library
    return [library.label(shelf, page.l10n.lang) for shelf in library.shelves if card in library.shelf(shelf)]


@cache
def _states() -> dict[str, tuple[str, ...]]:
    """The states of the conversation that say each card."""
    found: dict[str, tuple[str, ...]] = {}
    for card, state in _spoken():
        found[card] = (*found.get(card, ()), state)
    return found


def _spoken() -> Iterator[tuple[str, str]]:
    for group in load_flows():
        for state in group.states:
            yield from ((card, state.state) for card in dict.fromkeys((state.say, state.choices)) if card)
