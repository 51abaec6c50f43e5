"""Zalo Bot: one bot of the Zalo Bot Platform. It has no buttons, takes nothing back, and can send a voice."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.base import Abilities, Arrived, EventKey, Failure, Human, NotAuthentic, Permanent, Sent, Unknown
from bot.channels.zalo_bot.errors import ERRORS, failure_of, starting
from bot.channels.zalo_bot.reader import read_update
from bot.channels.zalo_files import Fetcher
from bot.http import READ, httpx_client
from bot.parsing import Clock, clean, utc_now
from bot.zalo_sdk.bot_client import BotDelivered, ZaloBotClient
from bot.zalo_sdk.bot_updates import GROUP, name_of
from bot.zalo_sdk.transport import composed
from flows.model.messages import Shown
from flows.text.splitting import length

if TYPE_CHECKING:
    from content.schema import Limits

TEXT_MAX = 2000
"""UTF-16 units. Source: Zalo Bot Platform, sendMessage and sendPhoto, transcribed 2025-12."""

_SECRET_HEADER = "x-bot-api-secret-token"  # noqa: S105  the name of the header, not a secret
_PICTURE = (".jpg", ".jpeg", ".png")
_VOICE = ".aac"
_POLL_SECONDS = 15


class ZaloBot:
    """One bot. `webhook_url` None means it is polled (the demo only: what is fetched is never given again).

    `base_url` ends where the token follows; `again` is how many seconds lie between two tries to start.
    """

    kind = "zalo_bot"

    def __init__(
        self,
        name: str,
        token: str,
        base_url: str,
        webhook_url: str | None,
        secret_token: str,
        limits: Limits | None = None,
        *,
        connections: int = 16,
        read: float = READ,
        again: float = 60.0,
        clock: Clock = utc_now,
    ) -> None:
        self.name = name
        self._webhook_url = webhook_url
        self._secret = secret_token
        self._text_max = limits.text_max if limits else TEXT_MAX
        self._caption_max = limits.caption_max if limits else TEXT_MAX
        self._again = again
        self._clock = clock
        self._http = httpx_client(connections)
        self._files = Fetcher(self._http, base_url, limits.media_hosts if limits else ())
        self.bot = ZaloBotClient(self._http, base_url, token, patience=read)
        self._asking: asyncio.Task[None] | None = None
        self.abilities = Abilities(fetch=self.fetch, poll=self.poll, probes=True)

    def __repr__(self) -> str:
        return f"ZaloBot({self.name!r})"

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Compare the secret header in constant time. Raises NotAuthentic."""
        if not raw:
            raise NotAuthentic("empty")
        given = headers.get(_SECRET_HEADER, "").encode("utf-8", "replace")
        if not self._secret or not hmac.compare_digest(given, self._secret.encode()):
            raise NotAuthentic("wrong secret" if given else "secret missing")

    def event_id(self, raw: bytes) -> EventKey:
        """Name the update and its chat without reading a text."""
        return EventKey(*name_of(raw))

    def read(self, raw: bytes) -> Arrived | None:
        """Parse one update. Raises NotReadable."""
        return read_update(raw, self._clock)

    async def send(self, address: str, shown: Shown) -> Sent:
        """Send one message; choices are in its text already. Raises a Failure.

        Nothing is ever sent to a group: its members see each other, and the platform calls its groups a trial.
        """
        if address.startswith(GROUP) or not address:
            raise Permanent("not the chat of one person", code="address")
        text = composed(clean(shown.text))
        limit = self._caption_max if _is(shown.media, _PICTURE) else self._text_max
        if length(text, "utf16") > limit:
            raise Permanent(f"text over {limit} units", code="text_long")
        if not text.strip() and not shown.media:
            raise Permanent("nothing to send", code="text_empty")
        return Sent((await self._deliver(address, text, shown.media)).message_id)

    async def _deliver(self, chat: str, text: str, media: str) -> BotDelivered:
        """A picture goes with its words, a voice after them; anything else, and what Zalo refuses, as a link."""
        spoken = _is(media, (_VOICE,))
        try:
            if _is(media, _PICTURE):
                return await self._taken(self.bot.send_photo(chat, media, text))
            if spoken and not text:
                return await self._taken(self.bot.send_voice(chat, media))
        except Permanent:  # refused, so not sent: the address in a text is better than nothing
            spoken = False
        linked = "\n".join(part for part in (text, media) if part)
        if not spoken and length(linked, "utf16") <= self._text_max:
            return await self._taken(self.bot.send_message(chat, linked))
        delivered = await self._taken(self.bot.send_message(chat, text))
        await self._follow(chat, media, spoken)
        return delivered

    async def _follow(self, chat: str, media: str, spoken: bool) -> None:
        """Send what belongs to words already on her phone: as a voice, or else as a link.

        Raises Unknown when neither went: a retry would bring the words again and again.
        """
        if spoken:
            with suppress(Failure):
                await self._taken(self.bot.send_voice(chat, media))
                return
        with suppress(Failure):
            await self._taken(self.bot.send_message(chat, media))
            return
        raise Unknown("the words went, what belongs to them did not", code="second")

    async def _taken(self, sending: Awaitable[BotDelivered]) -> BotDelivered:
        failure: Failure
        try:
            return await sending
        except ERRORS as error:
            failure = failure_of(error, self.name)
        raise failure

    async def fetch(self, reference: str, most: int) -> bytes:
        """Fetch what she sent by its address, at most `most` bytes. Raises a Failure."""
        return await self._files.fetched(reference, most)

    async def poll(self, offset: int) -> tuple[list[bytes], int]:
        """Wait up to 15 s for one update. Zalo keeps no copy of it: the caller stores it at once. Raises a Failure."""
        failure: Failure
        try:
            update = await self.bot.get_updates(_POLL_SECONDS)
        except ERRORS as error:
            failure = failure_of(error, self.name)
        else:
            # ASCII keeps half characters
            return ([] if update is None else [json.dumps(update, separators=(",", ":")).encode()]), offset
        raise failure

    async def start(self) -> None:
        """Prove the token, set or remove the webhook. Raises Human with one sentence.

        While Zalo does not answer it is asked again in the background, until it does or the account is closed.
        """
        failure = await self._opened()
        if failure is not None and failure.code == "connect":
            self._asking = asyncio.get_running_loop().create_task(self._open_later())
        if failure is not None:
            raise failure

    async def _opened(self) -> Human | None:
        try:
            return await self._open()
        except ERRORS as error:
            return starting(self.name, failure_of(error, self.name))

    async def _open(self) -> Human | None:
        await self.bot.get_me()
        if self._webhook_url is None:
            await self.bot.delete_webhook()
            return None
        webhook = await self.bot.set_webhook(self._webhook_url, self._secret)
        if webhook.verified is False:
            return Human(
                f"zalo bot {self.name}: Zalo set the webhook but could not reach it; check public_url and the proxy",
                code="webhook",
            )
        return None

    async def _open_later(self) -> None:
        failure: Human | None = Human(code="connect")
        while failure is not None and failure.code == "connect":
            await asyncio.sleep(self._again)
            failure = await self._opened()

    async def close(self) -> None:
        """End what runs in the background, then close the connections."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self._files.close()
        await self._http.aclose()


def _is(media: str, endings: tuple[str, ...]) -> bool:
    """Say whether a reference is an address with one of these endings."""
    return media.startswith(("https://", "http://")) and urlsplit(media).path.lower().endswith(endings)
