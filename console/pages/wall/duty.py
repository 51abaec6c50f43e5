"""Who is on duty, on the wall: post, cases in hand, when last at the console, and by what she is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from console.web.request import PageRequest
from content.escalation.loader import escalation_policy
from store.cases.impartiality import ReadingMember
from store.casework.in_hand import InHand, in_hand
from store.escalation.contact_tests import ContactTest, contact_tests
from store.staff.presence import seen_at
from store.staff.roster import OFF_DUTY


class DutyMember(msgspec.Struct, frozen=True):
    """A member as the wall shows her; `post` is "" off duty, `minutes_away` None for whoever is not signed in."""

    alias: str
    post: str
    in_hand: InHand
    minutes_away: int | None
    contacts: list[ContactTest]


async def duty_members(page: PageRequest, conn: AsyncConnection, members: Sequence[ReadingMember]) -> list[DutyMember]:
    """Whoever is on duty, in the order they are reached; then whoever is not and has open cases all the same."""
    held = await in_hand(conn)
    shown = [one for one in members if one.position < OFF_DUTY or one.id in held]
    tests = await contact_tests(conn, [one.id for one in shown])
    real_now = page.console.real_clock.now()
    async with page.console.store.keyring.connect() as ring:
        seen = await seen_at(ring, real_now)
    return [
        DutyMember(
            one.alias,
            _post(one.position),
            held.get(one.id, InHand()),
            _minutes(seen.get(one.id), real_now),
            [test for test in tests if test.staff_id == one.id],
        )
        for one in shown
    ]


def _post(position: int) -> str:
    posts = escalation_policy().posts
    return "" if position >= OFF_DUTY else posts[position] if position < len(posts) else "all"


def _minutes(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else max(0, int((now - at).total_seconds() // 60))
