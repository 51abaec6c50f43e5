"""Invitation codes in a batch of messages: what each binds its writer to (a group, a recording, a staff phone)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.inbound.decoder import Talk
from flows.model.facts import InvitedSeen
from flows.text.invitation_codes import code_in
from store.crypto.invite_codes import code_tag
from store.db.engine import Store
from store.groups import invite_codes
from store.recordings import speakers
from store.staff import contacts

Written = tuple[bytes, str]
"""Who wrote (a blind index), and what."""
MOST = 6
"""How often one person may try codes `WITHIN` this time: a poster's is typed wrong twice, not forty times."""
WITHIN = timedelta(hours=1)
_KEPT = 10_000


class GuessLimiter:
    """Counts tries per conversation (by blind index) in this process's memory."""

    def __init__(self) -> None:
        self._tries: OrderedDict[bytes, tuple[datetime, int]] = OrderedDict()

    def may(self, index: bytes, now: datetime) -> bool:
        """Count a try, and say whether it may be looked at."""
        since, count = self._tries.pop(index, (now, 0))
        if now - since > WITHIN:
            since, count = now, 0
        self._tries[index] = (since, count + 1)
        if len(self._tries) > _KEPT:
            self._tries.popitem(last=False)
        return count < MOST


async def invited_by(
    store: Store,
    guesses: GuessLimiter,
    name_of: Callable[[str], str],
    conn: AsyncConnection,
    now: datetime,
    talk: list[Talk],
) -> dict[Written, InvitedSeen]:
    """Return what each code binds to, by writer and text; a wrong guess costs its writer a try."""
    codes: dict[Written, str] = {}
    for _, arrived, index in talk:
        text = arrived.incoming.text
        if (code := code_in(text)) and guesses.may(index, now):
            codes[index, text] = code
    if not codes:
        return {}
    tags = {one: code_tag(store.keys.index, code) for one, code in codes.items()}
    wanted = list(tags.values())
    found = await invite_codes.find(conn, now, wanted)
    voices = await speakers.find(conn, now, wanted)
    phones = await contacts.find(conn, now, wanted)
    await conn.rollback()
    invited = {one: InvitedSeen(codes[one], found[t].kind, found[t].title) for one, t in tags.items() if t in found}
    for (index, text), tag in tags.items():
        lang, holder = voices.get(tag, ("", None))
        if lang and holder in (None, index):  # a used code opens nothing for anybody but its speaker
            invited[index, text] = InvitedSeen(codes[index, text], speakers.SPEAKER, name_of(lang))
        elif tag in phones:
            invited[index, text] = InvitedSeen(codes[index, text], contacts.STAFF, "")
    return invited
