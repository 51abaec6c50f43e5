"""Zalo Bot: one bot of the Zalo Bot Platform. It has no buttons, takes nothing back, and can send a voice."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from bot.channels.accounts import BotAccess
from bot.channels.base import Abilities, Arrived, EventKey, Failure, Human, Permanent, Sent, Unknown
from bot.channels.secret_header import verify_secret
from bot.channels.starting import AGAIN, AccountStart
from bot.channels.zalo_bot.errors import ERRORS, failure_of, starting
from bot.channels.zalo_bot.reader import read_update
from bot.channels.zalo_files import Fetcher
from bot.http import READ, httpx_client
from bot.parsing import Clock, clean, utc_now
from bot.zalo_sdk.addresses import is_group
from bot.zalo_sdk.bot_client import BotDelivered, ZaloBotClient
from bot.zalo_sdk.bot_updates import name_of
from bot.zalo_sdk.transport import composed
from content.schema import Limits
from flows.model.messages import Shown
from flows.text.splitting import length

_SECRET_HEADER = "x-bot-api-secret-token"  # noqa: S105  the name of the header, not a secret
_PICTURE = (".jpg", ".jpeg", ".png")
_VOICE = ".aac"
_POLL_SECONDS = 15


class ZaloBot:
    """One bot; polled in the demo only, for what is fetched is never given again.

    `limits` are the channel's, from content; `again` is how many seconds lie between two tries to start.
    """

    kind = "zalo_bot"

    def __init__(
        self,
        access: BotAccess,
        limits: Limits,
        *,
        connections: int = 16,
        read: float = READ,
        again: float = AGAIN,
        clock: Clock = utc_now,
    ) -> None:
        self.name = access.name
        self._access = access
        self._limits = limits
        self._clock = clock
        self._start = AccountStart(self._opened, again)
        self._http = httpx_client(connections)
        self._files = Fetcher(self._http, access.base_url, limits.media_hosts)
        self.bot = ZaloBotClient(self._http, access.base_url, access.token, patience=read)
        self.abilities = Abilities(fetch=self.fetch, poll=self.poll)

    def __repr__(self) -> str:
        return f"ZaloBot({self.name!r})"

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Compare the secret header in constant time. Raises NotAuthentic."""
        verify_secret(headers, raw, _SECRET_HEADER, self._access.secret)

    def event_id(self, raw: bytes) -> EventKey:
        """Name the update and its chat without reading a text."""
        event, address = name_of(raw)
        return EventKey(event, address, is_group(address))

    def read(self, raw: bytes) -> Arrived | None:
        """Parse one update. Raises NotReadable."""
        return read_update(raw, self._clock)

    async def send(self, address: str, shown: Shown) -> Sent:
        """Send one message; choices are in its text already. Raises a Failure.

        Nothing is ever sent to a group: its members see each other, and the platform calls its groups a trial.
        """
        if is_group(address) or not address:
            raise Permanent("not the chat of one person", code="address")
        text = composed(clean(shown.text))
        limit = self._limits.caption_max if _is(shown.media, _PICTURE) else self._limits.text_max
        if length(text, self._limits.text_unit) > limit:
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
        if not spoken and length(linked, self._limits.text_unit) <= self._limits.text_max:
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
        await self._start.begin()

    async def _opened(self) -> Human | None:
        try:
            return await self._open()
        except ERRORS as error:
            return starting(self.name, failure_of(error, self.name))

    async def _open(self) -> Human | None:
        await self.bot.get_me()
        if self._access.webhook_url is None:
            await self.bot.delete_webhook()
            return None
        webhook = await self.bot.set_webhook(self._access.webhook_url, self._access.secret)
        if webhook.verified is False:
            return Human(
                f"zalo bot {self.name}: Zalo set the webhook but could not reach it; check public_url and the proxy",
                code="webhook",
            )
        return None

    async def close(self) -> None:
        """End what runs in the background, then close the connections."""
        await self._start.close()
        await self._files.close()
        await self._http.aclose()


def _is(media: str, endings: tuple[str, ...]) -> bool:
    """Say whether a reference is an address with one of these endings."""
    return media.startswith(("https://", "http://")) and urlsplit(media).path.lower().endswith(endings)
