"""Rule 10: staff see an alias, never a platform account or a phone number."""

from __future__ import annotations

import re

from store.db.engine import Store
from tests.support import content
from tests.support.console_room import ADDRESS, MEMBERS, Room

PHONE = re.compile(r"(?<![\w-])(?:\+?84|0)\d{8,10}(?!\w)")
"""A number by itself: one inside a key or a fingerprint of a page is by chance."""


async def test_rule_10_no_page_of_any_role_holds_an_account_or_a_number(store: Store) -> None:
    """Whatever a member may open, the person stands there under an alias, and her account id is nowhere."""
    room = Room(store, content.library())
    await room.hire(*MEMBERS)
    case = await room.person(4, ["Cứu em với"])
    async with room.store.data.connect() as conn:
        person, alias = (await conn.exec_driver_sql("SELECT person_id, alias FROM case_file")).one()
    pages = ("/console", "/console/queue", f"/console/cases/{case}", "/console/audit", "/console/audit?check=1")
    shown = ""
    for login in MEMBERS:
        async with room.signed_in(login) as browser:
            for path in pages:
                answer = await browser.get(path, follow_redirects=True)
                shown += answer.text + str(answer.headers)
    assert alias in shown
    assert ADDRESS not in shown
    assert str(person) not in shown
    assert PHONE.search(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|v=[0-9a-f]{12}", "", shown)) is None
