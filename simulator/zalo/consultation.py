"""Sends a consultation message, and what is left of the old message endpoint: reactions and broadcasts."""

from __future__ import annotations

from typing import Any

from simulator.core.phones import Media, Message, Phone
from simulator.zalo import anonymous
from simulator.zalo.account import OfficialAccount
from simulator.zalo.errors import ZaloRefused
from simulator.zalo.message_body import Content, read_content
from simulator.zalo.request import ApiRequest
from simulator.zalo.send_checks import check_asset, check_recipient, is_night, quota_for

REACTIONS = frozenset({":>", "--b", ":-((", "/-strong", "/-heart", ":-h", ":o", "/-remove"})
_ECHO = {"image": "image", "gif": "gif", "sticker": "sticker", "file": "file"}


def send_consultation(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/message/cs: a message to somebody who interacted within 7 days."""
    account = asked.account
    recipient = asked.body.get("recipient")
    if not isinstance(recipient, dict):
        raise ZaloRefused(-201, "recipient")
    phone, message, quota = _send(asked, recipient_of(account, recipient))
    data = {
        "message_id": message.id,
        "user_id": phone.address,
        "sent_time": str(int(message.at.timestamp() * 1000)),
    }
    return data if quota is None else {**data, "quota": quota}


def _send_anonymous(asked: ApiRequest, recipient: dict[str, Any]) -> Any:
    phone, message, _ = _send(asked, anonymous.find(asked.account, recipient))
    return {
        "message_id": message.id,
        "anonymous_id": anonymous.address_of(phone),
        "conversation_id": phone.conversation,
    }


def _send(asked: ApiRequest, meant: Phone | None) -> tuple[Phone, Message, dict[str, str] | None]:
    account, content = asked.account, read_content(asked.body.get("message"))
    if content.choices and not account.conditions.cs_buttons:
        raise ZaloRefused(-233)
    phone = check_recipient(account, meant)
    if content.quote and phone.find(content.quote) is None:
        raise ZaloRefused(-201, "quote_message_id")
    quota = quota_for(account, phone)
    check_asset(account, content)
    return phone, show(account, phone, content), quota


def recipient_of(account: OfficialAccount, recipient: dict[str, Any]) -> Phone | None:
    """Return the phone meant by a user id, or by the id of a message the person sent."""
    if "message_id" in recipient:
        wanted = str(recipient["message_id"])
        mine = (p for p in account.environment.phones if p.account == account.oa_id)
        return next((p for p in mine if (m := p.find(wanted)) and m.sender == "user"), None)
    user_id = recipient.get("user_id")
    if not isinstance(user_id, str) or not user_id:
        raise ZaloRefused(-201, "user_id")
    return account.person(user_id)


def show(
    account: OfficialAccount,
    phone: Phone,
    content: Content,
    *,
    admin: str = "",
    push: bool = True,
    echo: bool = True,
) -> Message:
    """Put a message on a phone, echo it to the webhook and report its arrival; `admin` is a human's id."""
    environment = account.environment
    message = Message(
        environment.ids.word(),
        "bot",
        environment.now(),
        content.text,
        content.choices,
        media_of(account, content),
        push,
    )
    environment.show(phone, message)
    sender = {"id": account.oa_id} | ({"admin_id": admin} if admin else {})
    sides = {"sender": sender, "recipient": {"id": anonymous.address_of(phone)}}
    if echo:
        name = f"oa_send_{'anonymous_' if phone.conversation else ''}{_ECHO.get(content.kind, 'text')}"
        said = {"text": content.text, "msg_id": message.id, **anonymous.in_message(phone)}
        account.webhook.emit(name, {**sides, "message": said}, phone.slug)
    if account.webhook.receipts:
        receipt = {"message": {"msg_id": message.id}}
        account.webhook.emit("user_received_message", {**sides, **receipt}, phone.slug)
    return message


def media_of(account: OfficialAccount, content: Content) -> Media | None:
    """Return what a content shows besides text."""
    asset = account.has.assets.get(content.asset)
    if asset is not None:
        return Media(asset.kind, file=asset.file, name=asset.name)
    return Media(content.kind, url=content.url) if content.kind in _ECHO or content.url else None


def send_old(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/message: what goes to somebody anonymous, reactions and article broadcasts; the rest is -240."""
    body, account = asked.body, asked.account
    recipient = body.get("recipient")
    if not isinstance(recipient, dict):
        raise ZaloRefused(-201, "recipient")
    if isinstance(body.get("sender_action"), dict):
        return _react(account, recipient, body["sender_action"])
    if "anonymous_id" in recipient:
        return _send_anonymous(asked, recipient)
    if isinstance(recipient.get("target"), dict):
        return _broadcast(account, body)
    raise ZaloRefused(-240)


def _react(account: OfficialAccount, recipient: dict[str, Any], action: dict[str, Any]) -> Any:
    phone = recipient_of(account, recipient)
    if phone is None:
        raise ZaloRefused(-213)
    wanted, icon = str(action.get("react_message_id", "")), action.get("react_icon")
    if icon not in REACTIONS:
        raise ZaloRefused(-201, "react_icon")
    if phone.find(wanted) is None:
        raise ZaloRefused(-201, "react_message_id")
    body = {"sender": {"id": account.oa_id}, "recipient": {"id": phone.address}}
    body["message"] = {"msg_id": wanted, "react_icon": str(icon)}
    account.webhook.emit("oa_reacted_message", body, phone.slug)
    return {"message_id": account.environment.ids.word(), "user_id": phone.address}


def _broadcast(account: OfficialAccount, body: dict[str, Any]) -> Any:
    try:
        element = body["message"]["attachment"]["payload"]["elements"][0]
    except (KeyError, IndexError, TypeError):
        raise ZaloRefused(-201, "message") from None
    if element.get("media_type") != "article" or not element.get("attachment_id"):
        raise ZaloRefused(-233)
    if is_night(account.environment.now()):
        raise ZaloRefused(-234)
    return {"message_id": account.environment.ids.word()}


def refuse_stopped(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/message/transaction and /promotion: stopped on 2026-03-01."""
    raise ZaloRefused(-233)
