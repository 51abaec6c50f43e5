"""Proof of the recipe of a page: who may open it is led to it and shown it, nobody else is."""

from __future__ import annotations

import pytest

from store.db.engine import Store
from store.staff import vault
from tests.support.console_room import Room
from tests.support.content import library

PAGE = "/console/services"
LINK = f'href="{PAGE}"'


async def test_the_page_is_for_its_roles(lent_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reviewer reads the services in Vietnamese, a counsellor is refused, nobody has to sign in."""
    monkeypatch.setattr(vault, "COST", (1, 64))
    room = Room(lent_store, library())
    await room.hire("bientap", "hoaban")
    async with room.signed_in("bientap") as browser:
        shown = await browser.get(PAGE)
    assert shown.status_code == 200
    for words in (library().services["vn.111"].name["vi"], "Đã đọc một nguồn công khai", LINK):
        assert words in shown.text
    room.real.advance(2)
    async with room.signed_in("hoaban") as browser:
        refused = await browser.get(PAGE)
    assert (refused.status_code, LINK in refused.text) == (403, False)
    async with room.browser() as browser:
        assert (await browser.get(PAGE)).status_code == 303
