"""Broadcasts: propose a card, decide as the second person, follow its progress, pause, resume or stop it."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse, Response

from console.pages.content.cards import everywhere, gates_of
from console.web.request import PageRequest
from content.loader import LANGUAGES
from store.broadcasts import approvals, decisions, overview, proposals
from store.broadcasts.models import IN_A_CHAT
from store.errors import Refused
from store.groups import service as group_service
from store.refusals import Refusal


async def broadcasts(page: PageRequest) -> Response:
    """List broadcasts, and let one be proposed."""
    async with page.console.store.data.connect() as conn:
        found = await overview.proposals(conn, scope=page.scope)
        cards = await approvals.approved(conn, page.console.library)
        listed = await group_service.groups(conn, scope=page.scope)
    offered = [(card, everywhere(page, card), *gates_of(page, card)) for card in cards]
    return page.respond("groups/broadcasts.html", found=found, offered=offered, groups=listed)


async def propose(page: PageRequest) -> Response:
    """Propose a card to a group's audience."""
    form, console = await page.form(), page.console
    proposed = proposals.ProposedCard(form.text("card"), form.number("group"))
    async with page.unit_of_work() as work:
        made = await proposals.propose(work, console.library, proposed, drafts=console.settings.demo)
    return page.redirect("broadcast", broadcast_id=made)


async def broadcast(page: PageRequest) -> Response:
    """Show one broadcast: what every channel would show, what became of it, what may be done now."""
    values = await parts(page)
    if not values:
        raise Refused(Refusal.BROADCAST_NOT_FOUND)
    async with page.console.store.data.connect() as conn:
        shown = await overview.words_of(conn, page.number("broadcast_id"))
    channels = sorted(page.console.library.limits.values(), key=lambda limits: limits.order)
    written = [one for one in channels if (one.channel, LANGUAGES[0]) in shown]  # not one that came after the proposal
    previews = [(lang, [(one, shown[one.channel, lang].text) for one in written]) for lang in LANGUAGES]
    chat = {lang: shown[IN_A_CHAT, lang].text for lang in LANGUAGES if (IN_A_CHAT, lang) in shown}
    return page.respond("groups/broadcast.html", previews=previews, in_a_chat=chat, **values)


async def parts(page: PageRequest) -> dict[str, Any]:
    """What the live part of a broadcast's page needs; empty when there is no such broadcast."""
    broadcast_id = page.number("broadcast_id")
    async with page.console.store.data.connect() as conn:
        found = await overview.proposals(conn, broadcast_id, scope=page.scope)
        if not found:
            return {}
        results = await overview.results(conn, broadcast_id)
    marks, barred = gates_of(page, found[0].card)
    return {"one": found[0], "results": results, "open": marks, "barred": barred}


async def decide(page: PageRequest) -> Response:
    """Approve or refuse as the second person, bound to the digest that was shown."""
    form, console, broadcast_id = await page.form(), page.console, page.number("broadcast_id")
    decision = decisions.Decision(broadcast_id, form.hex("digest"), form.text("say"))
    async with page.unit_of_work() as work:
        await decisions.decide(work, console.library, decision, drafts=console.settings.demo)
    return page.redirect("broadcast", broadcast_id=broadcast_id)


async def steer(page: PageRequest) -> Response:
    """Pause, resume or stop."""
    form, console, broadcast_id = await page.form(), page.console, page.number("broadcast_id")
    async with page.unit_of_work() as work:
        await decisions.change(work, console.library, broadcast_id, form.text("act"), drafts=console.settings.demo)
    if page.is_htmx:
        return HTMLResponse(page.render("groups/progress.html", **await parts(page)))
    return page.redirect("broadcast", broadcast_id=broadcast_id)
