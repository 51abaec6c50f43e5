"""Recalling a card: one person takes it off every screen, with a reason; it can be put back."""

from __future__ import annotations

from starlette.responses import Response

from console.labels import general as labels
from console.pages.groups import broadcasts
from console.web.request import Visit
from store.broadcasts import card_recalls
from store.errors import Refused


async def recall_card(visit: Visit) -> Response:
    """Recall a card; this console's own process follows at once, every other within seconds."""
    form, desk = await visit.request.form(), visit.desk
    try:
        async with desk.store.data.begin() as conn:
            await card_recalls.recall(
                conn,
                desk.clock.now(),
                desk.store.house.audit,
                desk.library,
                card=str(form.get("card", "")).strip(),
                because=str(form.get("because", "")),
                instead=str(form.get("instead", "")).strip(),
                staff_id=visit.staff_id,
            )
            await card_recalls.apply(conn, desk.library)
    except Refused:
        return await broadcasts.cards(visit, labels.NOT_RECALLED, 422)
    return visit.to("cards")


async def put_back_card(visit: Visit) -> Response:
    """Show a recalled card again."""
    form, desk = await visit.request.form(), visit.desk
    try:
        async with desk.store.data.begin() as conn:
            await card_recalls.put_back(
                conn,
                desk.clock.now(),
                desk.store.house.audit,
                card=str(form.get("card", "")),
                staff_id=visit.staff_id,
            )
            await card_recalls.apply(conn, desk.library)
    except Refused:
        return await broadcasts.cards(visit, labels.NO_CARD, 422)
    return visit.to("cards")
