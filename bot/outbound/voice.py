"""Voice of a message: the recordings it names as what its channel can play, bytes once and a name later, or an address.

Words never wait for sound: where a recording was retired, the database is away, or the channel refuses the sound, the
text goes alone.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import msgspec

from bot.channels.base import Channel, Permanent, Sent
from bot.logs.journal import log
from content.library import Library
from content.media.clip import Clip, Format
from flows.model.messages import Shown
from flows.rendering.audio import SOUND
from scheduler.clock import Clock
from store.db.engine import TROUBLE, Store
from store.errors import Refused, StoreError
from store.recordings import links as sound_links
from store.recordings import playback
from store.unit_of_work import SERVICE, UnitOfWork, unit_of_work

BARE: dict[Format, str] = {"opus": ".ogg", "aac": ".aac"}
"""How the address of a sound ends where bare frames are asked for, as by a channel that plays a voice by address."""
FOR_A_PAGE: dict[Format, str] = {"opus": ".ogg", "aac": ".m4a"}
"""How it ends where a browser shall play it."""
_KEPT = 256


class _Link(msgspec.Struct, frozen=True):
    address: str
    format: Format
    until: datetime


class VoiceSender:
    """Sends messages whose `media` names recordings; `public_url` is where our own addresses begin."""

    def __init__(self, store: Store, clock: Clock, library: Library, public_url: str) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._base = public_url.rstrip("/")
        self._links: OrderedDict[int, _Link] = OrderedDict()

    async def send(self, account: int, channel: Channel, address: str, shown: Shown) -> Sent:
        """Send one message on any channel. Raises a Failure."""
        if not shown.media.startswith(SOUND):
            return await channel.send(address, shown)
        try:
            named = [n for n in _numbers(shown) if await self._may_be_heard(n)]
            if named and channel.abilities.send_sound:
                return await self._uploaded(account, channel, address, shown, named[0])
            links = [link for number in named if (link := await self._link(number)) is not None]
        except (*TROUBLE, StoreError) as error:
            log.warning("a sound is not to be had", extra={"reason": type(error).__name__})
            links = []
        as_voice = self._library.limits[channel.kind].audio == "voice"
        return await channel.send(address, _linked(shown, links, as_voice=as_voice))

    def _work(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return unit_of_work(self._store, self._clock.now(), SERVICE)

    async def _may_be_heard(self, number: int) -> bool:
        async with self._store.data.connect() as conn:
            return await playback.is_approved(conn, self._library, number)

    async def _uploaded(self, account: int, channel: Channel, address: str, shown: Shown, number: int) -> Sent:
        """Send by the name the platform gave the sound, or give it the bytes and learn that name."""
        async with self._store.data.connect() as conn:
            known = await sound_links.cached(conn, self._clock.now(), account, number)
        if known is not None:
            try:
                return await channel.send(address, msgspec.structs.replace(shown, media=known))
            except Permanent as failure:
                if failure.code != "file":
                    raise
            async with self._work() as work:
                await sound_links.forget(work, account, number)
        clip = await playback.clip_of(self._store, number)
        return await self._first_time(account, channel, address, shown, number, clip)

    async def _first_time(
        self, account: int, channel: Channel, address: str, shown: Shown, number: int, clip: Clip | None
    ) -> Sent:
        send_sound = channel.abilities.send_sound
        if clip is None or send_sound is None:
            return await channel.send(address, _silent(shown))
        try:
            sent, reference = await send_sound(address, shown, clip)
        except Permanent:
            return await channel.send(address, _silent(shown))
        try:
            async with self._work() as work:
                await sound_links.remember(work, account, number, reference)
        except TROUBLE as error:  # it went; next time the bytes go once more
            log.warning("the name of a sound is not kept", extra={"reason": type(error).__name__})
        return sent

    async def _link(self, number: int) -> _Link | None:
        """An address of a recording, the same for everybody for a day; None when it may not be heard any more."""
        now = self._clock.now()
        known = self._links.get(number)
        if known is not None and now < known.until:
            return known
        clip = await playback.clip_of(self._store, number)
        if clip is None:
            return None
        try:
            async with self._work() as work:
                token = await sound_links.make_link(work, self._library, number)
        except Refused:
            return None
        made = _Link(f"{self._base}/m/{token}", clip.format, now + sound_links.LINK_SHARED)
        self._links[number] = made
        if len(self._links) > _KEPT:
            self._links.popitem(last=False)
        return made


def _numbers(shown: Shown) -> list[int]:
    return [int(number) for number in shown.media.removeprefix(SOUND).split(",")]


def _linked(shown: Shown, links: list[_Link], *, as_voice: bool) -> Shown:
    """Put addresses where the channel expects them: as a voice of its own, or under the line that says how long."""
    if not links:
        return _silent(shown)
    if as_voice:
        return msgspec.structs.replace(shown, media=links[0].address + BARE[links[0].format])
    addresses = "\n".join(link.address + FOR_A_PAGE[link.format] for link in links)
    line, _, rest = shown.text.partition("\n")
    text = "\n\n".join(part for part in ("\n".join(part for part in (line, addresses) if part), rest) if part)
    return msgspec.structs.replace(shown, text=text, media="")


def _silent(shown: Shown) -> Shown:
    return msgspec.structs.replace(shown, media="")
