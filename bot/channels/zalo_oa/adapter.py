"""Zalo: one Official Account, through its OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from bot.channels.base import (
    Abilities,
    Arrived,
    EventKey,
    Failure,
    Human,
    Kept,
    NotAuthentic,
    Page,
    Permanent,
    Sent,
    Tokens,
)
from bot.channels.zalo_files import Fetcher
from bot.channels.zalo_oa.errors import failure_of
from bot.channels.zalo_oa.reader import read_event
from bot.http import READ, httpx_client
from bot.parsing import Clock, clean, instant, utc_now
from bot.zalo_sdk.addresses import is_group
from bot.zalo_sdk.errors import NeedsConsent, ZaloError, ZaloNoAnswer, ZaloNotSent
from bot.zalo_sdk.history import event_of, is_from_person, milliseconds, person_of
from bot.zalo_sdk.oa_client import OA, PAGE, Delivered, Recipient, TokenSource
from bot.zalo_sdk.oa_events import name_of
from bot.zalo_sdk.signature import NotJson, authentic, signed_part
from bot.zalo_sdk.transport import Budget, ZaloTransport, composed
from flows.model.messages import Shown

if TYPE_CHECKING:
    import httpx

    from content.media.attachment import SanitizedFile
    from content.schema import Limits

_SPARE, _SPARE_MOST = 20, 300
"""Questions at once for reading back, under the smallest plan (100 a minute) and under any."""
_PICTURE = (".jpg", ".jpeg", ".png")
_ZALO_ERRORS = (ZaloError, ZaloNotSent, ZaloNoAnswer, NeedsConsent)


class ConsentedTokens(TokenSource, Tokens, Protocol):
    """What the channel asks of the keeper of its tokens."""

    async def granted(self) -> bool:
        """Whether an administrator's consent is in force. Never raises."""

    async def close(self) -> None:
        """Let a renewal under way end."""

    def ask_with(self, alive: Callable[[str], Awaitable[bool | None]]) -> None:
        """Learn how to find out whether an access token works."""


class ZaloOA:
    """One Official Account. `webhook_secrets` are all accepted, so that one can be replaced without a gap.

    `api_base` is the host without a path; `keeper` owns the tokens. A client given as `http` is shared with the
    keeper's OAuth; either way it is closed with the channel.
    """

    kind = "zalo_oa"

    def __init__(
        self,
        name: str,
        app_id: str,
        oa_id: str,
        webhook_secrets: Sequence[str],
        api_base: str,
        keeper: ConsentedTokens,
        limits: Limits,
        *,
        http: httpx.AsyncClient | None = None,
        connections: int = 16,
        oa_first: bool = False,
        read: float = READ,
        proof_key: str = "",
        clock: Clock = utc_now,
    ) -> None:
        self.name = name
        self._app_id = app_id
        self._oa_id = oa_id
        self._secrets = tuple(secret for secret in webhook_secrets if secret)
        self._oa_first = oa_first
        self._clock = clock
        self._text_max = limits.text_max
        self._http = http or httpx_client(connections)
        self._files = Fetcher(self._http, api_base, limits.media_hosts)
        self.keeper = keeper
        self.oa = OA(ZaloTransport(self._http, api_base, "openapi", patience=read, proof_key=proof_key), keeper)
        keeper.ask_with(self.oa.alive)
        self.abilities = Abilities(
            fetch=self.fetch,
            send_file=self.send_file,
            pace=self.pace,
            describe=self.described,
            history=self,
            tokens=keeper,
        )

    def __repr__(self) -> str:
        return f"ZaloOA({self.name!r})"

    @property
    def budget(self) -> Budget:
        """What Zalo last said about the requests left in this minute."""
        return self.oa.budget

    def pace(self) -> float | None:
        """Messages a second under Zalo's present limit."""
        limit = self.budget.limit
        return limit / 60 if limit else None

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Check the signature over the raw bytes in constant time. Raises NotAuthentic.

        Old timestamps pass: Zalo itself repeats for hours, a repeated event meets its own row in the inbox, and a
        wrong clock here must not cost anyone an answer.
        """
        if not raw:
            raise NotAuthentic("empty")
        header = headers.get("x-zevent-signature", "")
        try:
            signed = authentic(raw, header, self._app_id, self._secrets, oa_id=self._oa_id, oa_first=self._oa_first)
        except NotJson:
            raise NotAuthentic("not json") from None
        if not signed:
            raise NotAuthentic(self._reason(header, raw))

    def _reason(self, header: str, raw: bytes) -> str:
        if not header:
            return "signature missing"
        return "wrong signature" if signed_part(raw)[0] == self._app_id else "other app"

    def event_id(self, raw: bytes) -> EventKey:
        """Name the event and its conversation without reading a text."""
        event, address = name_of(raw)
        return EventKey(event, address, is_group(address))

    def read(self, raw: bytes) -> Arrived | None:
        """Parse one event. Raises NotReadable."""
        return read_event(raw, self._oa_id, self._clock)

    async def send(self, address: str, shown: Shown) -> Sent:
        """Send one message; choices are in its text already. Raises a Failure."""
        text = composed(clean(shown.text))
        if len(text) > self._text_max:
            raise Permanent(f"text over {self._text_max} characters", code="text_long")
        if not text.strip() and not shown.media:
            raise Permanent("nothing to send", code="text_empty")
        failure: Failure
        try:
            delivered = await self._deliver(_recipient(address), text, shown.media)
        except _ZALO_ERRORS as error:
            failure = failure_of(error, self.name, self._clock())
        else:
            return Sent(delivered.message_id)
        raise failure

    async def _deliver(self, to: Recipient, text: str, media: str) -> Delivered:
        """A picture goes as a picture, an upload by its id; a sound has no upload here and goes as a link."""
        kind, separator, rest = media.partition(":")
        if separator and kind == "image":
            return await self.oa.image(to, attachment_id=rest, text=text)
        if separator and kind == "file":
            return await self.oa.file(to, rest)
        if media and urlsplit(media).path.lower().endswith(_PICTURE):
            return await self.oa.image(to, url=media, text=text)
        return await self.oa.text(to, "\n".join(part for part in (text, media) if part))

    async def send_file(self, address: str, shown: Shown, taken: SanitizedFile) -> Sent:
        """Upload a picture or a document and send it. Raises a Failure."""
        text, to = composed(clean(shown.text)), _recipient(address)
        failure: Failure
        try:
            if taken.kind == "photo":
                number = await self.oa.upload_image(taken.data, taken.name)
                delivered = await self.oa.image(to, attachment_id=number, text=text)
            else:
                delivered = await self.oa.file(to, await self.oa.upload_file(taken.data, taken.name))
        except _ZALO_ERRORS as error:
            failure = failure_of(error, self.name, self._clock())
        else:
            return Sent(delivered.message_id)
        raise failure

    async def fetch(self, reference: str, most: int) -> bytes:
        """Fetch what she sent by its address, at most `most` bytes. Raises a Failure."""
        return await self._files.fetched(reference, most)

    async def described(self) -> str:
        """The description of the account as Zalo shows it. Raises a Failure."""
        failure: Failure
        try:
            return str((await self.oa.about()).get("description", ""))
        except _ZALO_ERRORS as error:
            failure = failure_of(error, self.name, self._clock())
        raise failure

    async def may_read(self) -> bool:
        """Whether the account's grant is in force."""
        return await self.keeper.granted()

    def spare(self) -> int:
        """A fifth of the minute's requests at once, and never more than leaves two fifths for answers."""
        limit, remain = self.budget.limit, self.budget.remain
        if limit is None or remain is None:
            return _SPARE
        return max(1, min(max(_SPARE, limit // 5), _SPARE_MOST, remain - limit * 2 // 5))

    async def recent_chats(self, offset: int) -> Page:
        """The newest messages of the latest conversations, at most ten. Raises a Failure."""
        return await self._page(self.oa.recent_chats(offset))

    async def conversation(self, address: str, offset: int) -> Page:
        """The messages of one conversation, at most ten. Raises a Failure."""
        return await self._page(self.oa.conversation(address, offset))

    async def _page(self, asked: Awaitable[list[dict[str, object]]]) -> Page:
        failure: Failure
        try:
            rows = await asked
        except _ZALO_ERRORS as error:
            failure = failure_of(error, self.name, self._clock())
        else:
            return Page([kept for row in rows if (kept := self._kept(row))], len(rows), len(rows) >= PAGE)
        raise failure

    def _kept(self, row: dict[str, object]) -> Kept | None:
        address = person_of(row, self._oa_id)
        if not address:
            return None
        event = event_of(row, self._app_id, self._oa_id) if is_from_person(row, self._oa_id) else b""
        return Kept(address, instant(milliseconds(row) / 1000, self._clock), event)

    def silent_webhook(self, minutes: int) -> str:
        """Ask a human to look whether the webhook is switched on."""
        return (
            f"zalo account {self.name}: its webhook has been silent for {minutes} minutes though people "
            "wrote; they are read every half minute; look in Zalo's console whether the webhook is switched on"
        )

    async def start(self) -> None:
        """Ask Zalo about the account: proves token and plan. Raises Human with one sentence."""
        failure: Failure
        try:
            await self.keeper.tick()
            about = await self.oa.about()
        except _ZALO_ERRORS as error:
            failure = failure_of(error, self.name, self._clock())
        else:
            if str(about.get("oaid") or about.get("oa_id") or self._oa_id) == self._oa_id:
                return
            failure = Human(f"zalo account {self.name}: the token belongs to another Official Account", code="oa_id")
        raise failure if isinstance(failure, Human) else _not_ready(self.name, failure)

    async def close(self) -> None:
        """Let a renewal of the token end, then close the connections."""
        await self.keeper.close()
        await self._files.close()
        await self._http.aclose()


def _recipient(address: str) -> Recipient:
    kind, separator, rest = address.partition(":")
    if not separator:
        return {"user_id": address}
    if kind == "group":
        return {"group_id": rest}
    if kind == "anonymous":
        person, _, conversation = rest.partition(":")
        return {"anonymous_id": person, "conversation_id": conversation}
    raise Permanent("the address is not one of Zalo's", code="address")


def _not_ready(name: str, failure: Failure) -> Human:
    """Say why an account cannot prove itself now; its messages wait and are tried again by themselves."""
    return Human(f"zalo account {name}: {failure.detail or 'Zalo does not answer'}; messages wait", code=failure.code)
