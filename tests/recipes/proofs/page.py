"""Proof of the recipe of a page: who may open it is shown it and led to it, nobody else is."""

from __future__ import annotations

from store.db.engine import Store
from store.staff import vault
from tests.recipes.proofs.databases import prove
from tests.support.console_room import Room
from tests.support.content import library

PAGE = "/console/services"
vault.COST = (1, 64)


async def proof(store: Store) -> str:
    """Open the page as a reviewer, as a counsellor, and as nobody."""
    room = Room(store, library())
    await room.hire("bientap", "hoaban")
    told = []
    for login in ("bientap", "hoaban"):
        room.real.advance(2)
        async with room.signed_in(login) as browser:
            answer = await browser.get(PAGE)
            shown = (
                library().services["vn.111"].name["vi"] in answer.text and "Đã đọc một nguồn công khai" in answer.text
            )
            led = f'href="{PAGE}"' in answer.text
            told.append(f"{login} {answer.status_code} {shown} {led}")
    async with room.browser() as browser:
        told.append(f"nobody {(await browser.get(PAGE)).status_code}")
    return ", ".join(told)


prove(proof)
