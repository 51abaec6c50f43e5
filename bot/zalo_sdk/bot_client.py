"""The Zalo Bot Platform: its few methods, with the token in the URL and out of every error.

Source: Zalo's documentation as transcribed 2025-12 to 2026-10, captured traffic, nextlevelbuilder/goclaw (2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.http import READ
from bot.zalo_sdk.errors import ZaloError, ZaloNoAnswer
from bot.zalo_sdk.transport import ZaloTransport, composed, json_body, unanswered

if TYPE_CHECKING:
    import httpx

NO_NEWS = 408
"""What getUpdates says when nothing came; of a send it says that nobody knows."""
SHORTEST_WAIT, LONGEST_WAIT = 5.0, 300.0
"""Bounds of the wait a 429 may ask for, in seconds. Source: nextlevelbuilder/goclaw, bot/errors.go (2026)."""


@dataclass(frozen=True)
class BotProfile:
    """Who the token belongs to."""

    id: str
    account_name: str = ""
    account_type: str = ""
    can_join_groups: bool = False


@dataclass(frozen=True)
class WebhookInfo:
    """Where updates are brought; `verified` False when Zalo tried the address and did not like the answer."""

    url: str
    verified: bool | None = None
    outcome: str = ""


@dataclass(frozen=True)
class BotDelivered:
    """Zalo took a message; `date` is Unix milliseconds, 0 when it did not say."""

    message_id: str
    date: int = 0


class ZaloBotClient:
    """One bot. `base_url` ends where the token follows. Methods raise ZaloError, ZaloNotSent or ZaloNoAnswer."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, token: str, *, patience: float = READ) -> None:
        self._transport = ZaloTransport(http, base_url + token, "bot", patience=patience)

    async def get_me(self) -> BotProfile:
        """Ask who this token is: proves it."""
        me = _object(await self._call("getMe"))
        name, kind = str(me.get("account_name", "")), str(me.get("account_type", ""))
        return BotProfile(str(me.get("id", "")), name, kind, me.get("can_join_groups") is True)

    async def get_updates(self, timeout: int) -> dict[str, object] | None:
        """Wait up to `timeout` seconds for one update; None when there is none.

        There is no offset and no acknowledgement: what is returned here will never be returned again.
        """
        try:
            update = await self._call("getUpdates", timeout=str(timeout))
        except ZaloError as error:
            if error.code != NO_NEWS:
                raise
            return None
        first = update[0] if isinstance(update, list) and update else update
        return first if isinstance(first, dict) and first else None

    async def set_webhook(self, url: str, secret_token: str) -> WebhookInfo:
        """Have updates brought to an https address, with 8–256 characters in X-Bot-Api-Secret-Token."""
        return _webhook(await self._call("setWebhook", url=url, secret_token=secret_token))

    async def get_webhook_info(self) -> WebhookInfo:
        """Ask where updates are brought; the URL is "" when nowhere."""
        return _webhook(await self._call("getWebhookInfo"))

    async def delete_webhook(self) -> WebhookInfo:
        """Have updates brought nowhere, so that they can be asked for."""
        return _webhook(await self._call("deleteWebhook"))

    async def send_message(
        self, chat_id: str, text: str, parse_mode: Literal["", "markdown", "html"] = ""
    ) -> BotDelivered:
        """Send a text of 1–2,000 UTF-16 units."""
        styled = {"parse_mode": parse_mode} if parse_mode else {}
        return _delivered(await self._call("sendMessage", chat_id=chat_id, text=composed(text), **styled))

    async def send_photo(self, chat_id: str, photo: str, caption: str = "") -> BotDelivered:
        """Send a picture by its https address, for there is no upload, with at most 2,000 units beside it."""
        words = {"caption": composed(caption)} if caption else {}
        return _delivered(await self._call("sendPhoto", chat_id=chat_id, photo=photo, **words))

    async def send_sticker(self, chat_id: str, sticker: str) -> BotDelivered:
        """Send a sticker by its id."""
        return _delivered(await self._call("sendSticker", chat_id=chat_id, sticker=sticker))

    async def send_voice(self, chat_id: str, voice_url: str) -> BotDelivered:
        """Send a voice by the address of an .aac file; in private chats only."""
        return _delivered(await self._call("sendVoice", chat_id=chat_id, voice_url=voice_url))

    async def send_chat_action(self, chat_id: str, action: Literal["typing"] = "typing") -> None:
        """Show that somebody is writing."""
        await self._call("sendChatAction", chat_id=chat_id, action=action)

    async def _call(self, method: str, **parameters: str) -> object:
        """Call a method and return its result. The envelope counts, whatever the HTTP status says."""
        status, headers, answer = await self._transport.answer("POST", f"/{method}", **json_body(parameters))
        if answer is None or not isinstance(answer.get("ok"), bool):
            raise unanswered(status)
        if answer["ok"]:
            return answer.get("result")
        raise _refusal(answer, status, headers, method)


def _refusal(answer: dict[str, object], status: int, headers: Mapping[str, str], method: str) -> Exception:
    given = answer.get("error_code")
    code = given if isinstance(given, int) and not isinstance(given, bool) else _digits(given, status)
    if 500 <= code < 600 or (code == NO_NEWS and method != "getUpdates"):
        return ZaloNoAnswer(f"{code}: it may have been done")
    return ZaloError("bot", code, str(answer.get("description", "")), after=_patience(code, headers))


def _digits(given: object, status: int) -> int:
    return int(given) if isinstance(given, str) and given.isdecimal() and len(given) < 6 else status


def _patience(code: int, headers: Mapping[str, str]) -> float:
    """Read how long to wait after a 429: what is said, within bounds, or the least."""
    if code != 429:
        return 0.0
    try:
        asked = float(headers.get("retry-after", ""))
    except ValueError:
        return SHORTEST_WAIT
    return min(max(asked, SHORTEST_WAIT), LONGEST_WAIT) if asked == asked else SHORTEST_WAIT


def _delivered(result: object) -> BotDelivered:
    message_id, date = _object(result).get("message_id"), _object(result).get("date")
    if not isinstance(message_id, str | int) or not message_id or isinstance(message_id, bool):
        raise ZaloNoAnswer("an answer that names no message")
    return BotDelivered(str(message_id), date if isinstance(date, int) else 0)


def _webhook(result: object) -> WebhookInfo:
    found = _object(result)
    verification = _object(found.get("verification"))
    verified = verification.get("ok")
    outcome = str(verification.get("outcome", ""))
    return WebhookInfo(str(found.get("url", "")), verified if isinstance(verified, bool) else None, outcome)


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
