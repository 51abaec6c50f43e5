"""Fetch speakers' voice notes: stripped and kept sealed, or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.channels.base import Channel, Failure, Permanent
from bot.file_parser.parser import Parser, ParserDown
from bot.outbound.sender import Sender
from bot.runtime import Runtime
from content.library import Library
from content.media.clip import LARGEST, ClipRejected
from content.schema import Limits
from flows.model.effects import REPLY
from flows.rendering.phrasing import outgoing
from flows.rendering.render import render
from store.casework.reachability import SILENCE_AFTER
from store.db.engine import Store, raw
from store.errors import Forgotten, Sealed
from store.messages.ledger import LedgerMessage, enqueue
from store.messages.models import Cause, Content
from store.recordings import service as recordings
from store.recordings.models import REFUSED
from store.recordings.service import WaitingRecording
from store.recordings.shipped import take_in
from store.unit_of_work import SERVICE, UnitOfWork, unit_of_work

MOST = 5
"""Voice notes of one round."""
TRIES = 20
"""Tries after which a voice note that cannot be fetched is given up."""
AGAIN = timedelta(seconds=30)
"""How long lies between two tries."""
LANG = "vi"


class RecordingIntake:
    """The tick that looks after recordings, in one process at a time."""

    def __init__(self, runtime: Runtime, sender: Sender) -> None:
        self._runtime = runtime
        self._sender = sender
        self._taken_in = False

    async def look(self) -> None:
        """Take in what ships with the content, once; then fetch what speakers sent."""
        runtime, now = self._runtime, self._runtime.clock.now()
        if not self._taken_in:
            async with unit_of_work(runtime.store, now, SERVICE) as work:
                await take_in(work, runtime.library, tones=runtime.settings.demo)
            self._taken_in = True
        ways = {number: (endpoint.channel, endpoint.limits) for number, endpoint in runtime.by_number.items()}
        if await fetch_once(runtime.store, now, runtime.library, ways, runtime.parser):
            self._sender.wake()


async def fetch_once(
    store: Store, now: datetime, library: Library, channels: Mapping[int, tuple[Channel, Limits]], parser: Parser
) -> bool:
    """Fetch what waits, one voice note after the other; returns whether somebody was told something."""
    async with unit_of_work(store, now, SERVICE) as work:
        rows = await recordings.begin_tries(work, now - AGAIN, MOST)
    told = [await _fetch(store, now, library, row, channels.get(row.account), parser) for row in rows]
    return any(told)


async def _fetch(
    store: Store,
    now: datetime,
    library: Library,
    row: WaitingRecording,
    way: tuple[Channel, Limits] | None,
    parser: Parser,
) -> bool:
    try:
        async with raw(store.keyring) as keyring_pg:
            key = await store.ring.key_of(keyring_pg, row.person_id)
        reference = recordings.open_media(key, row)
    except (Forgotten, Sealed):
        async with unit_of_work(store, now, SERVICE) as work:
            await recordings.end(work, row.id, REFUSED, "lost")
        return False
    reason = await _kept(store, now, key, row, way[0] if way else None, reference, parser)
    if not reason:
        return False
    async with unit_of_work(store, now, SERVICE) as work:
        if not await recordings.end(work, row.id, REFUSED, reason) or way is None:
            return False
        await _tell(work, library, key, row, way[1], reason)
    return True


async def _kept(
    store: Store,
    now: datetime,
    key: AESGCM,
    row: WaitingRecording,
    channel: Channel | None,
    reference: str,
    parser: Parser,
) -> str:
    """Fetch, strip and keep one; returns "" when it is kept or tried again later, else why it is refused."""
    fetch = channel.abilities.fetch if channel else None
    if fetch is None or row.tries >= TRIES:
        return "lost"
    try:
        clip = await parser.read_clip(await fetch(reference, LARGEST))
    except ClipRejected as error:
        return error.reason
    except Permanent as failure:
        return "large" if failure.code in ("large", "413") else "lost"
    except (Failure, ParserDown):
        return "lost" if row.tries + 1 >= TRIES else ""
    async with unit_of_work(store, now, SERVICE) as work:
        await recordings.keep(work, key, row, clip)
    return ""


async def _tell(
    work: UnitOfWork, library: Library, key: AESGCM, row: WaitingRecording, limits: Limits, reason: str
) -> None:
    """Tell a speaker why her recording is not used, as an answer to the voice note she has just sent.

    Long after it nothing leaves: the card simply comes again when she reads the next time.
    """
    why = library.say(f"fragment.refused.{reason}", LANG).text
    shown = render(outgoing(library.say("recording_refused", LANG, reason=why)), limits, 0)[0]
    message = LedgerMessage(
        person_id=row.person_id,
        account=row.account,
        cause_kind=Cause.RECORDING,
        cause=row.id,
        content=Content.REPLY,
        priority=REPLY,
        not_before=work.now,
        not_after=row.sent_at + SILENCE_AFTER,
        answers_at=row.sent_at,
    )
    await enqueue(work, message.sealed(key, shown))
