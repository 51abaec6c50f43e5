"""Telegram: one bot account. Hot sends go through PTB's `post()`, rare calls through `telegram.Bot`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import TypeVar

import msgspec
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import RequestData

from bot.channels.accounts import BotAccess
from bot.channels.base import Abilities, Arrived, EventKey, Failure, Human, Permanent, Sent, Unknown
from bot.channels.secret_header import verify_secret
from bot.channels.starting import AGAIN, AccountStart
from bot.channels.telegram.errors import THREAD_GONE, VOICE_FORBIDDEN, Moved, failure_of, starting
from bot.channels.telegram.files import bytes_of, path_in, reference_in, with_file, with_sound
from bot.channels.telegram.http import AiohttpRequest, request_data
from bot.channels.telegram.payloads import chat_of, parameters_of
from bot.channels.telegram.polling import news
from bot.channels.telegram.profile import read_static, write_static
from bot.channels.telegram.reader import event_key, press_id, read_update
from bot.channels.telegram.topics import TopicsWatch
from bot.http import READ
from bot.parsing import Clock, utc_now
from content.media.attachment import SanitizedFile
from content.media.clip import Clip
from content.platform_texts import StaticTexts
from content.schema import Limits
from flows.model.addresses import conversation_of, thread_of
from flows.model.messages import Shown

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  the name of the header, not a secret
_POLL_SECONDS = 25
_DELETE_AT_ONCE = 100

_T = TypeVar("_T")


class Telegram:
    """One bot. `limits` are the channel's, from content; `again` is how many seconds lie between two tries to start.

    `clock` tells the present where Telegram does not.
    """

    kind = "telegram"

    def __init__(
        self,
        access: BotAccess,
        limits: Limits,
        proxy: str | None = None,
        *,
        connections: int = 64,
        read: float = READ,
        again: float = AGAIN,
        clock: Clock = utc_now,
    ) -> None:
        self.name = access.name
        self._access = access
        self._own = own_id(access.token)
        self._limits = limits
        self._clock = clock
        self._start = AccountStart(self._opened, again)
        self._request = AiohttpRequest(connections, read=read, proxy=proxy)
        self._polling = AiohttpRequest(1, read=_POLL_SECONDS + 10, proxy=proxy)
        self._bot: Bot | None = None
        self._topics = TopicsWatch(access.name)
        self._tasks: set[asyncio.Task[object]] = set()
        self.abilities = Abilities(
            delete=self.delete,
            fetch=self.fetch,
            send_file=self.send_file,
            send_sound=self.send_sound,
            receipt=self.receipt,
            reply=self.reply,
            poll=self.poll,
            profile=self,
        )

    def __repr__(self) -> str:
        return f"Telegram({self.name!r})"

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Compare the secret header in constant time. Raises NotAuthentic."""
        verify_secret(headers, raw, _SECRET_HEADER, self._access.secret)

    def event_id(self, raw: bytes) -> EventKey:
        """Name the update and its chat without reading the message."""
        return event_key(raw)

    def read(self, raw: bytes) -> Arrived | None:
        """Parse one update. Raises NotReadable, NotKnown."""
        arrived = read_update(raw, self._clock, self._own)
        if arrived is not None:
            self._topics.use(arrived.thread)
        return arrived

    async def send(self, address: str, shown: Shown) -> Sent:
        """Send one message. Raises a Failure."""
        self._topics.use(thread_of(address))
        return await _to_wherever(address, lambda where: self._send(where, shown))

    async def _send(self, address: str, shown: Shown) -> Sent:
        method, parameters = parameters_of(address, shown, self._limits)
        try:
            result = await self._call(method, parameters)
        except Permanent as failure:
            if method != "sendVoice" or failure.code != VOICE_FORBIDDEN:
                raise
            parameters["audio"] = parameters.pop("voice")
            result = await self._call("sendAudio", parameters)
        return _sent(result)

    async def send_sound(self, address: str, shown: Shown, clip: Clip) -> tuple[Sent, str]:
        """Send a message with the bytes of a sound; returns how the sound is known from now on. Raises a Failure."""
        return await _to_wherever(address, lambda where: self._send_sound(where, shown, clip))

    async def _send_sound(self, address: str, shown: Shown, clip: Clip) -> tuple[Sent, str]:
        _, parameters = parameters_of(address, msgspec.structs.replace(shown, media="voice:"), self._limits)
        del parameters["voice"]
        try:
            result = await self._post("sendVoice", with_sound(parameters, "sendVoice", clip))
        except Permanent as failure:
            if failure.code != VOICE_FORBIDDEN:
                raise
            result = await self._post("sendAudio", with_sound(parameters, "sendAudio", clip))
        return _sent(result), reference_in(result)

    async def send_file(self, address: str, shown: Shown, taken: SanitizedFile) -> Sent:
        """Send the bytes of a picture, covered until she taps on it, or of a document. Raises a Failure."""
        return await _to_wherever(address, lambda where: self._send_file(where, shown, taken))

    async def _send_file(self, address: str, shown: Shown, taken: SanitizedFile) -> Sent:
        _, parameters = parameters_of(address, msgspec.structs.replace(shown, media="document:"), self._limits)
        del parameters["document"]
        result = await self._post(*with_file(parameters, taken))
        return _sent(result)

    async def fetch(self, reference: str, most: int) -> bytes:
        """Fetch a file by its id, at most `most` bytes. Raises a Failure."""
        path = path_in(await self._call("getFile", {"file_id": reference}), most)
        base, _, name = self._access.base_url.rpartition("/")
        failure: Failure
        try:
            return bytes_of(*await self._request.download(f"{base}/file/{name}{self._access.token}/{path}", most))
        except TelegramError as error:
            failure = failure_of(error)
        raise failure

    def acknowledge(self, raw: bytes) -> None:
        """Stop the little clock on a pressed button; in the background, and never mind whether it works."""
        query = press_id(raw)
        if query is not None:
            self._keep(self._quietly("answerCallbackQuery", {"callback_query_id": query}))

    def receipt(self, raw: bytes) -> bytes:
        """Return a body for our 200 that does the same without a request of its own; b"" for no press.

        Source: core.telegram.org/bots/api, "Making requests when getting updates" (Bot API 10.3, 2026-08).
        """
        query = press_id(raw)
        if query is None:
            return b""
        return msgspec.json.encode({"method": "answerCallbackQuery", "callback_query_id": query})

    def reply(self, address: str, shown: Shown) -> bytes:
        """Return a body for our 200 that sends a message. Raises Permanent. Source: as for `receipt`."""
        method, parameters = parameters_of(address, shown, self._limits)
        return msgspec.json.encode({"method": method, **parameters})

    async def delete(self, address: str, message_ids: list[str]) -> None:
        """Delete messages younger than 48 h, a hundred a call; what is gone or too old is passed over."""
        numbers = [int(m) for m in message_ids if m.isdecimal()]
        for start in range(0, len(numbers), _DELETE_AT_ONCE):
            await self._delete_some(chat_of(address), numbers[start : start + _DELETE_AT_ONCE])

    async def _delete_some(self, chat: int, numbers: list[int]) -> None:
        try:
            await self._call("deleteMessages", {"chat_id": chat, "message_ids": numbers})
        except Permanent:  # one that may not be deleted refuses them all: take them one by one
            for number in numbers:
                try:
                    await self._call("deleteMessage", {"chat_id": chat, "message_id": number})
                except Permanent:
                    continue

    async def read_static(self, language: str) -> StaticTexts:
        """What the bot's page shows. Raises a Failure."""
        return await read_static(self._call, language)

    async def write_static(self, language: str, texts: StaticTexts) -> None:
        """Put texts on the bot's page. Raises a Failure."""
        await write_static(self._call, language, texts)

    async def poll(self, offset: int) -> tuple[list[bytes], int]:
        """Wait up to 25 s for news. The offset returned confirms them once it is used. Raises a Failure."""
        query = {"offset": offset, "timeout": _POLL_SECONDS, "limit": 100, "allowed_updates": UPDATES}
        return await news(self._polling, self._url("getUpdates"), request_data(query), offset)

    async def start(self) -> None:
        """Prove the token, set or remove the webhook. Raises Human with one sentence.

        While Telegram does not answer it is asked again in the background, until it does or the account is closed.
        """
        await self._start.begin()

    async def _opened(self) -> Human | None:
        try:
            await self._open()
        except Exception as error:  # also what PTB raises on an answer of the wrong form
            return starting(self.name, failure_of(error))
        return None

    async def _open(self) -> None:
        self._bot = Bot(
            self._access.token, self._access.base_url, request=self._request, get_updates_request=self._polling
        )
        await self._bot.initialize()
        self._topics.learn(self._bot.bot.has_topics_enabled)
        if self._access.webhook_url is None:
            await self._bot.delete_webhook()
            return
        await self._bot.set_webhook(
            self._access.webhook_url, allowed_updates=UPDATES, secret_token=self._access.secret, max_connections=40
        )

    async def close(self) -> None:
        """End what runs in the background, then close the connections."""
        await self._start.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._request.shutdown()
        await self._polling.shutdown()

    def _url(self, method: str) -> str:
        return f"{self._access.base_url}{self._access.token}/{method}"

    async def _call(self, method: str, parameters: Mapping[str, object]) -> object:
        """Call a method with plain parameters."""
        return await self._post(method, request_data(parameters))

    async def _post(self, method: str, data: RequestData) -> object:
        """Call a method; every error becomes a Failure that holds neither URL nor text."""
        failure: Failure
        try:
            return await self._request.post(self._url(method), data)
        except (TelegramError, KeyError) as error:
            failure = failure_of(error)
        raise failure

    async def _quietly(self, method: str, parameters: Mapping[str, object]) -> None:
        with suppress(Failure):
            await self._call(method, parameters)

    def _keep(self, work: Coroutine[object, object, None]) -> None:
        """Do it in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _to_wherever(address: str, send: Callable[[str], Awaitable[_T]]) -> _T:
    """Send to an address; to the chat itself when its topic is gone, to where the chat has moved. Raises a Failure."""
    try:
        return await send(address)
    except Moved as moved:
        instead = moved.address
    except Permanent as failure:
        if failure.code != THREAD_GONE:
            raise
        instead = conversation_of(address)
    return await send(instead)


def own_id(token: str) -> int:
    """Read the bot's id, which stands before the secret in its token; 0 for a token of another form."""
    number = token.partition(":")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= 19 else 0


def _sent(result: object) -> Sent:
    """Read which message was made. Raises Unknown."""
    message_id = result.get("message_id") if isinstance(result, dict) else None
    if not isinstance(message_id, int):
        raise Unknown("the answer names no message")
    return Sent(str(message_id))
