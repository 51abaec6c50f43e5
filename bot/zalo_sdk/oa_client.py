"""The Official Account OpenAPI: consultation messages, uploads, and the few questions we ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Unpack

from bot.zalo_sdk.errors import Action, ZaloError, ZaloNoAnswer, ZaloNotSent
from bot.zalo_sdk.transport import Budget, RequestParts, ZaloTransport, composed, json_body, query

_CS, _GROUP, _V2 = "/v3.0/oa/message/cs", "/v3.0/oa/group/message", "/v2.0/oa/message"
PAGE = 10
"""Rows of a conversation per call; more is error -210. Source: Zalo documentation, read 2026-08."""


class TokenSource(Protocol):
    """Whoever keeps the access token alive."""

    async def access(self) -> str:
        """Return a token that works as far as we know. Raises NeedsConsent."""

    async def renewed(self, stale: str) -> str:
        """Return another one, because Zalo refused `stale`. Raises NeedsConsent."""


@dataclass(frozen=True)
class Delivered:
    """Zalo took a message. `quota` is the allowance it used; "" means it was billed."""

    message_id: str
    quota: str = ""


Recipient = dict[str, str]


class OA:
    """One Official Account. Every method raises ZaloError, ZaloNotSent, ZaloNoAnswer or NeedsConsent."""

    def __init__(self, transport: ZaloTransport, keeper: TokenSource) -> None:
        self._transport = transport
        self._keeper = keeper

    @property
    def budget(self) -> Budget:
        """What Zalo last said about this minute's requests."""
        return self._transport.budget

    async def text(self, to: Recipient, text: str, quote: str = "") -> Delivered:
        """Send a text of at most 2,000 characters; a quote that Zalo refuses is left away."""
        message: dict[str, object] = {"text": composed(text)}
        if not quote:
            return await self.message(to, message)
        try:
            return await self.message(to, {**message, "quote_message_id": quote})
        except ZaloError as error:
            if error.code != -201:
                raise
        return await self.message(to, message)

    async def image(self, to: Recipient, *, url: str = "", attachment_id: str = "", text: str = "") -> Delivered:
        """Send a picture by its address or by the id of its upload, never by both."""
        source = {"attachment_id": attachment_id} if attachment_id else {"url": url}
        payload = {"template_type": "media", "elements": [{"media_type": "image", **source}]}
        message: dict[str, object] = {"attachment": {"type": "template", "payload": payload}}
        return await self.message(to, {"text": composed(text), **message} if text else message)

    async def file(self, to: Recipient, token: str) -> Delivered:
        """Send an uploaded file. Zalo's own SDKs say `token`, one running client `attachment_id`: try both."""
        try:
            return await self.message(to, {"attachment": {"type": "file", "payload": {"token": token}}})
        except ZaloError as error:
            if error.code != -201:
                raise
        return await self.message(to, {"attachment": {"type": "file", "payload": {"attachment_id": token}}})

    async def message(self, to: Recipient, message: dict[str, object]) -> Delivered:
        """Send a message of any shape."""
        data = _object(await self._call("POST", _path(to), **json_body({"recipient": to, "message": message})))
        message_id = data.get("message_id")
        if not message_id:
            raise ZaloNoAnswer("an answer that names no message")
        quota = data.get("quota")
        return Delivered(str(message_id), str(quota.get("quota_type", "")) if isinstance(quota, dict) else "")

    async def upload_image(self, data: bytes, name: str) -> str:
        """Upload a picture (jpg or png, 1 MB); return its attachment id, good for seven days."""
        return await self._upload("image", data, name)

    async def upload_file(self, data: bytes, name: str) -> str:
        """Upload a document (pdf or doc, 5 MB); return its token, good for seven days."""
        return await self._upload("file", data, name)

    async def user(self, user_id: str) -> dict[str, object]:
        """Ask about one user. Holds her name: never stored, never logged."""
        return _object(await self._call("GET", "/v3.0/oa/user/detail", **query({"user_id": user_id})))

    async def about(self) -> dict[str, object]:
        """Ask about the account itself: is it verified, on which plan."""
        return _object(await self._call("GET", "/v2.0/oa/getoa"))

    async def alive(self, token: str) -> bool | None:
        """Say whether an access token works, without renewing it; None when Zalo does not answer."""
        try:
            await self._transport.call("GET", "/v2.0/oa/getoa", token)
        except ZaloError as error:
            return error.action is not Action.REFRESH
        except (ZaloNotSent, ZaloNoAnswer):
            return None
        return True

    async def quota(self, user_id: str = "") -> object:
        """Ask what is left: of one user's window, or of the account's monthly allowance."""
        owner = {"user_id": user_id} if user_id else {"quota_owner": "OA", "product_type": "cs"}
        return await self._call("POST", "/v3.0/oa/quota/message", **json_body(owner))

    async def recent_chats(self, offset: int = 0) -> list[dict[str, object]]:
        """List the last message of the latest conversations, ten a page: to catch up after an outage."""
        asked = {"offset": offset, "count": PAGE}
        return _rows(await self._call("GET", "/v2.0/oa/listrecentchat", **query(asked)))

    async def conversation(self, user_id: str, offset: int = 0) -> list[dict[str, object]]:
        """List the messages of one conversation, newest first, ten a page."""
        asked = {"user_id": user_id, "offset": offset, "count": PAGE}
        return _rows(await self._call("GET", "/v2.0/oa/conversation", **query(asked)))

    async def _upload(self, kind: str, data: bytes, name: str) -> str:
        answer = _object(await self._call("POST", f"/v2.0/oa/upload/{kind}", files={"file": (name, data)}))
        found = answer.get("token") or answer.get("attachment_id")
        if not found:  # Zalo answers an unfit ending of the name with success and nothing
            raise ZaloError("openapi", -201)
        return str(found)

    async def _call(self, method: str, path: str, **request: Unpack[RequestParts]) -> object:
        """Call with the token in force; with the next one, once, when Zalo refuses it."""
        token = await self._keeper.access()
        try:
            return await self._transport.call(method, path, token, **request)
        except ZaloError as error:
            if error.action is not Action.REFRESH:
                raise
        return await self._transport.call(method, path, await self._keeper.renewed(token), **request)


def _path(to: Recipient) -> str:
    if "group_id" in to:
        return _GROUP
    return _V2 if "anonymous_id" in to else _CS


def _object(data: object) -> dict[str, object]:
    return data if isinstance(data, dict) else {}


def _rows(data: object) -> list[dict[str, object]]:
    """Take the rows out of `data`, or of the `data` inside `data`: Zalo answers with both."""
    rows = data.get("data") if isinstance(data, dict) else data
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
