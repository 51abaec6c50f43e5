"""Broadcasts: propose a card, decide as the second person, follow its progress, pause, resume or stop it."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse, Response

from console.pages.content.cards import everywhere, gates_of
from console.web.request import PageRequest
from content.loader import LANGUAGES
from store.broadcasts import card_recalls
from store.broadcasts import service as broadcast_service
from store.broadcasts.models import texts
from store.errors import Refused
from store.groups import service as group_service
from store.refusals import Refusal


async def broadcasts(page: PageRequest) -> Response:
    """List broadcasts, and let one be proposed."""
    library = page.console.library
    async with page.console.store.data.connect() as conn:
        found = await broadcast_service.proposals(conn, scope=page.scope)
        await card_recalls.apply(conn, library)
        cards = await broadcast_service.approved(conn, library)
        listed = await group_service.groups(conn, scope=page.scope)
    offered = [(card, everywhere(page, card), *gates_of(page, card)) for card in cards]
    return page.respond("groups/broadcasts.html", found=found, offered=offered, groups=listed)


async def propose(page: PageRequest) -> Response:
    """Propose a card to a group's audience."""
    form, console = await page.form(), page.console
    now = console.clock.now()
    async with console.store.data.begin() as conn:
        await card_recalls.apply(conn, console.library)  # this process may serve pages only, and tick nothing
        made = await broadcast_service.propose(
            conn,
            now,
            console.store.keys.audit,
            console.library,
            card=form.text("card"),
            group_id=form.number("group"),
            author_staff=page.staff_id,
            drafts=console.settings.demo,
        )
    return page.redirect("broadcast", broadcast_id=made)


async def broadcast(page: PageRequest) -> Response:
    """Show one broadcast: what every channel would show, what became of it, what may be done now."""
    values = await parts(page)
    if not values:
        raise Refused(Refusal.BROADCAST_NOT_FOUND)
    async with page.console.store.data.connect() as conn:
        shown = (await texts(conn, broadcast_id(page))).shown
    channels = sorted(page.console.library.limits.values(), key=lambda limits: limits.order)
    written = [one for one in channels if (one.channel, LANGUAGES[0]) in shown]  # not one that came after the proposal
    previews = [(lang, [(one, shown[one.channel, lang].text) for one in written]) for lang in LANGUAGES]
    return page.respond("groups/broadcast.html", previews=previews, **values)


async def parts(page: PageRequest) -> dict[str, Any]:
    """What the live part of a broadcast's page needs; empty when there is no such broadcast."""
    async with page.console.store.data.connect() as conn:
        found = await broadcast_service.proposals(conn, broadcast_id(page), scope=page.scope)
        if not found:
            return {}
        results = await broadcast_service.results(conn, broadcast_id(page))
    marks, barred = gates_of(page, found[0].card)
    return {"one": found[0], "results": results, "open": marks, "barred": barred}


def broadcast_id(page: PageRequest) -> int:
    """The broadcast a request is about."""
    found: int = page.request.path_params["broadcast_id"]
    return found


async def decide(page: PageRequest) -> Response:
    """Approve or refuse as the second person, bound to the digest that was shown."""
    form, console = await page.form(), page.console
    async with console.store.data.begin() as conn:
        await card_recalls.apply(conn, console.library)
        await broadcast_service.decide(
            conn,
            console.clock.now(),
            console.store.keys.audit,
            console.library,
            broadcast_id=broadcast_id(page),
            staff_id=page.staff_id,
            digest=form.hex("digest"),
            yes=form.text("say") == "yes",
            drafts=console.settings.demo,
        )
    return page.redirect("broadcast", broadcast_id=broadcast_id(page))


async def steer(page: PageRequest) -> Response:
    """Pause, resume or stop."""
    form, console = await page.form(), page.console
    act = form.text("act")
    if act in broadcast_service.AFTER:
        async with console.store.data.begin() as conn:
            await card_recalls.apply(conn, console.library)
            await broadcast_service.change(
                conn,
                console.clock.now(),
                console.store.keys.audit,
                console.library,
                broadcast_id=broadcast_id(page),
                staff_id=page.staff_id,
                act=act,
                drafts=console.settings.demo,
            )
    if page.is_htmx:
        return HTMLResponse(page.render("groups/progress.html", **await parts(page)))
    return page.redirect("broadcast", broadcast_id=broadcast_id(page))
