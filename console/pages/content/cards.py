"""Cards: which words are approved for broadcasting; recall one from every screen with a reason, put it back."""

from __future__ import annotations

from starlette.responses import Response

from console.web.request import PageRequest
from content.loader import LANGUAGES
from content.review_gates import barring, open_gates
from store.broadcasts import approvals, card_recalls, review_gates


async def cards(page: PageRequest) -> Response:
    """Show which cards' words are approved for broadcasting, which wait for it, and which are recalled."""
    library = page.console.library
    async with page.console.store.data.connect() as conn:
        ready = await approvals.approved(conn, library)
        recalled = await card_recalls.find(conn)
    shelf = dict.fromkeys(card for room in library.rooms for card in library.shelf(room))
    neutral = [
        (card, library.card(card), card in ready, *gates_of(page, card))
        for card in shelf
        if library.may_go_unasked(card)
    ]
    return page.respond("content/cards.html", cards=neutral, every=shelf, recalled=recalled)


def everywhere(page: PageRequest, card: str) -> list[tuple[str, str]]:
    """A card's whole text in each language an approval holds for."""
    return [(lang, page.console.library.say(card, lang).text) for lang in LANGUAGES]


def gates_of(page: PageRequest, card: str) -> tuple[list[str], bool]:
    """What is still open for a card, in words, and whether it forbids a broadcast here."""
    found = open_gates(page.console.library, card, review_gates.day(page.now))
    return page.gates(found), bool(barring(found, drafts=page.console.settings.demo))


async def recall_card(page: PageRequest) -> Response:
    """Recall a card; this console's own process follows at once, every other within seconds."""
    form = await page.form()
    card, because, instead = (form.text(name) for name in ("card", "because", "instead"))
    async with page.unit_of_work() as work:
        await card_recalls.recall(work, page.console.library, card, because, instead)
    return page.redirect("cards")


async def put_back_card(page: PageRequest) -> Response:
    """Show a recalled card again."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await card_recalls.put_back(work, page.console.library, form.text("card"))
    return page.redirect("cards")
