"""Cards: approve the words of one for broadcasting, recall one from every screen with a reason, put it back."""

from __future__ import annotations

from starlette.responses import Response

from console.labels import broadcasts as broadcast_labels
from console.labels import general as labels
from console.labels import recordings as recording_labels
from console.web.request import PageRequest
from content.loader import LANGUAGES
from content.review_gates import barring, open_gates
from store.broadcasts import card_recalls, review_gates
from store.broadcasts import service as broadcast_service
from store.errors import Refused
from store.staff import review_languages
from store.staff.authorization import OutOfScope


async def cards(page: PageRequest, message: str = "", status: int = 200) -> Response:
    """Show which cards' words are approved for broadcasting, which wait for it, and which are recalled."""
    library = page.console.library
    async with page.console.store.data.connect() as conn:
        await card_recalls.apply(conn, library)
        ready = await broadcast_service.approved(conn, library)
        recalled = await card_recalls.find(conn)
    shelf = dict.fromkeys(card for room in library.rooms for card in library.shelf(room))
    neutral = [
        (card, everywhere(page, card), library.card(card), card in ready, *gates_of(page, card))
        for card in shelf
        if library.may_go_unasked(card)
    ]
    said = page.translate(message) if message else ""
    return page.respond("content/cards.html", status, cards=neutral, every=shelf, recalled=recalled, message=said)


def everywhere(page: PageRequest, card: str) -> list[tuple[str, str]]:
    """A card's whole text in each language an approval holds for."""
    return [(lang, page.console.library.say(card, lang).text) for lang in LANGUAGES]


def gates_of(page: PageRequest, card: str) -> tuple[list[str], bool]:
    """What is still open for a card, in words, and whether it forbids a broadcast here."""
    found = open_gates(page.console.library, card, review_gates.day(page.now))
    return page.gates(found), bool(barring(found, drafts=page.console.settings.demo))


def still_open(page: PageRequest, refusal: review_gates.GatesOpen) -> Response:
    """Say which gates keep a card from being sent."""
    named = "; ".join(page.gates(refusal.gates))
    return page.problem(broadcast_labels.GATES_OPEN, 409, values={"gates": named})


async def approve_card(page: PageRequest) -> Response:
    """Approve a card's exact words."""
    form, console = await page.request.form(), page.console
    try:
        async with console.store.data.begin() as conn:
            await broadcast_service.approve_card(
                conn,
                console.clock.now(),
                console.store.keys.audit,
                console.library,
                card=str(form.get("card", "")),
                staff_id=page.staff_id,
                drafts=console.settings.demo,
            )
    except review_gates.GatesOpen as refusal:
        return still_open(page, refusal)
    except OutOfScope:
        return page.problem(labels.OUT_OF_SCOPE, 403)
    except review_languages.NotGiven:
        return page.problem(recording_labels.NOT_GIVEN, 403)
    except Refused:
        return page.problem(broadcast_labels.NO_CARD, 422)
    return page.redirect("cards")


async def recall_card(page: PageRequest) -> Response:
    """Recall a card; this console's own process follows at once, every other within seconds."""
    form, console = await page.request.form(), page.console
    try:
        async with console.store.data.begin() as conn:
            await card_recalls.recall(
                conn,
                console.clock.now(),
                console.store.keys.audit,
                console.library,
                card=str(form.get("card", "")).strip(),
                because=str(form.get("because", "")),
                instead=str(form.get("instead", "")).strip(),
                staff_id=page.staff_id,
            )
            await card_recalls.apply(conn, console.library)
    except Refused:
        return await cards(page, broadcast_labels.NOT_RECALLED, 422)
    return page.redirect("cards")


async def put_back_card(page: PageRequest) -> Response:
    """Show a recalled card again."""
    form, console = await page.request.form(), page.console
    try:
        async with console.store.data.begin() as conn:
            await card_recalls.put_back(
                conn,
                console.clock.now(),
                console.store.keys.audit,
                card=str(form.get("card", "")),
                staff_id=page.staff_id,
            )
            await card_recalls.apply(conn, console.library)
    except Refused:
        return await cards(page, broadcast_labels.NO_CARD, 422)
    return page.redirect("cards")
