"""Recalling a card at the console: by one reviewer, with a reason, never an emergency card, and back again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from content.library import Library
from store import audit
from store.broadcasts import card_recalls
from tests.support.console_room import Room

CARD, OTHER = "offer.loan", "offer.fees"
FORM = {"card": CARD, "because": "the fee has changed", "instead": OTHER}


@pytest.fixture(autouse=True)
def put_back(library: Library) -> Iterator[None]:
    """Give the content back as it was."""
    yield
    library.withdraw({})


async def test_a_reviewer_recalls_a_card_and_puts_it_back(room: Room, library: Library) -> None:
    """The page names it with its reason; this process shows the other card at once; both acts are on record."""
    await room.hire("bientap")
    async with room.signed_in("bientap") as browser:
        assert (await browser.post("/console/cards/recall", data=FORM)).status_code == 303
        page = (await browser.get("/console/cards")).text
        assert "the fee has changed" in page
        assert not library.has(CARD)
        assert library.say(CARD).text == library.say(OTHER).text
        assert (await browser.post("/console/cards/back", data={"card": CARD})).status_code == 303
        assert library.has(CARD)
        assert "the fee has changed" not in (await browser.get("/console/cards")).text
    async with room.store.data.connect() as conn:
        done = [entry.action for entry in await audit.page(conn)]
    assert {"card.recalled", "card.put_back"} <= set(done)


WRONG = (
    ({"card": "emergency.vn"}, 409, "không thể thiếu thẻ này"),
    ({"card": "no.such"}, 404, "Không có thẻ này"),
    ({"because": "  "}, 422, "một dòng vì sao"),
    ({"instead": CARD}, 422, "thẻ hiện thay"),
    ({"instead": "no.such"}, 422, "thẻ hiện thay"),
)
"""What the service needs, what nobody knows, no reason, itself instead, an unknown card instead."""


async def test_a_recall_that_would_leave_a_hole_is_refused(room: Room, library: Library) -> None:
    """The page says why, and nothing is recalled."""
    await room.hire("bientap")
    async with room.signed_in("bientap") as browser:
        for wrong, status, why in WRONG:
            answer = await browser.post("/console/cards/recall", data=FORM | wrong)
            assert (answer.status_code, why in answer.text) == (status, True), wrong
    async with room.store.data.connect() as conn:
        assert await card_recalls.find(conn) == ()
    assert library.has(CARD)
