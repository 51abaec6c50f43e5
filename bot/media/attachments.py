"""Fetch attachments of cases: once, from the channel, cleaned and sealed to the case, or refused with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from bot.channels.base import Channel, Failure, Permanent
from bot.file_parser.parser import Parser, ParserDown
from bot.logs.journal import log
from content.media.attachment import LARGEST, FileRejected, Reason, SanitizedFile
from store.attachments import service as attachments
from store.attachments.service import WaitingAttachment
from store.db.engine import TROUBLE, Store, raw
from store.errors import Forgotten, Sealed
from store.messages import hold
from store.unit_of_work import SERVICE, unit_of_work

MOST = 8
"""Files of one round; they are fetched at the same time."""
PATIENCE = 30.0
"""Seconds for one file. A slow one is tried again; it must not hold the others up."""


async def fetch_once(store: Store, now: datetime, channels: Mapping[int, Channel], parser: Parser) -> int:
    """Fetch what waits; returns how many were looked at. One file that fails is no other's concern.

    While the service is on hold nothing is asked for: the one it was copied from may be alive.
    """
    async with unit_of_work(store, now, SERVICE) as work:
        rows = [] if await hold.find(work.conn) is not None else await attachments.begin_tries(work, MOST)
    turn = asyncio.Lock()  # a counsellor's file never waits behind more than one of these
    fetching = (_fetch(store, now, row, channels.get(row.account), parser, turn) for row in rows)
    for found in await asyncio.gather(*fetching, return_exceptions=True):
        if isinstance(found, TROUBLE):
            raise found
        if isinstance(found, BaseException):
            log.error("an attachment was not kept", exc_info=found)
    return len(rows)


async def _fetch(
    store: Store, now: datetime, row: WaitingAttachment, channel: Channel | None, parser: Parser, turn: asyncio.Lock
) -> None:
    """Bring one to its end: kept, refused, or tried again later."""
    try:
        async with raw(store.keyring) as keyring_pg:
            reference = attachments.open_reference(await store.ring.key_of(keyring_pg, row.person_id), row)
    except Forgotten:
        return  # her rows are about to go
    except Sealed:
        reference = ""  # swapped or damaged: nothing of that name is to be had
    try:
        data = await _data(channel, reference)
        async with turn:
            found: SanitizedFile | Reason | None = await parser.take(data)
    except FileRejected as refused:
        found = refused.reason
    except Permanent as failure:
        found = "large" if failure.code in ("large", "413") else "lost"
    except (Failure, TimeoutError, ParserDown):
        found = None
    async with unit_of_work(store, now, SERVICE) as work:
        if found is None:
            await attachments.not_fetched(work, row)
        elif isinstance(found, SanitizedFile):
            await attachments.keep(work, row, found)
        else:
            await attachments.refuse(work, row, found)


async def _data(channel: Channel | None, reference: str) -> bytes:
    """Fetch the bytes of one file."""
    fetch = channel.abilities.fetch if channel else None
    if fetch is None:
        raise Permanent("no account of this number fetches files", code="account")
    if not reference:
        raise Permanent("nothing says where it is", code="file")
    async with asyncio.timeout(PATIENCE):
        return await fetch(reference, LARGEST)
