"""What a person does on her Zalo phone, and the events it makes."""

from __future__ import annotations

import hashlib
from typing import Any

from simulator.core.ids import zalo_user_by_app
from simulator.core.phones import Media, Message, Phone
from simulator.core.sample_media import silent_amr, square_png
from simulator.zalo import anonymous
from simulator.zalo.account import OfficialAccount
from simulator.zalo.consultation import show
from simulator.zalo.message_body import Content


def write(account: OfficialAccount, phone: Phone, text: str, group: str = "") -> str:
    """Send a text, in the chat with the account or in one of its groups; return its message id."""
    return _send(account, phone, "text", {"text": text}, text=text, group=group)


def share_link(account: OfficialAccount, phone: Phone, address: str, title: str, description: str) -> str:
    """Share a page: its address, and the title and description of the card that Zalo makes of it."""
    payload = {"url": address, "title": title, "description": description, "thumbnail": f"{address}/t.jpg"}
    return _send(
        account, phone, "link", {"text": "", "attachments": [{"type": "link", "payload": payload}]}, text=address
    )


def speak(account: OfficialAccount, phone: Phone, base_url: str, data: bytes | None = None) -> str:
    """Send a voice message: these bytes, or a second of silence in AMR."""
    return _send_file(account, phone, "audio", "voice", "voice.amr", data or silent_amr(), base_url)


def show_picture(account: OfficialAccount, phone: Phone, base_url: str, data: bytes | None = None) -> str:
    """Send a picture: these bytes, or one coloured square."""
    return _send_file(account, phone, "image", "image", "photo.png", data or square_png(), base_url)


def show_album(account: OfficialAccount, phone: Phone, base_url: str, count: int) -> str:
    """Send several pictures at once: one event that holds them all."""
    files = [account.environment.keep_file("image", f"photo{n}.png", square_png()) for n in range(count)]
    urls = [f"{base_url}/__sim/media/{file.id}" for file in files]
    parts = [{"type": "image", "payload": {"url": url, "thumbnail": url}} for url in urls]
    message: dict[str, Any] = {"text": "", "attachments": parts}
    return _send(account, phone, "image", message, media=Media("image", file=files[0].id, name="photo0.png"))


def send_document(account: OfficialAccount, phone: Phone, base_url: str, data: bytes, name: str) -> str:
    """Send a file under a name; Zalo tells its size and a digest."""
    file = account.environment.keep_file("file", name, data)
    about = {"name": name, "size": str(len(data)), "checksum": hashlib.md5(data, usedforsecurity=False).hexdigest()}
    payload = {**about, "type": name.rpartition(".")[2], "url": f"{base_url}/__sim/media/{file.id}"}
    message = {"text": "", "attachments": [{"type": "file", "payload": payload}]}
    return _send(account, phone, "file", message, media=Media("file", file=file.id, name=name))


def share_place(account: OfficialAccount, phone: Phone, latitude: float, longitude: float) -> str:
    """Send a place; its coordinates travel as strings."""
    place = {"coordinates": {"latitude": str(latitude), "longitude": str(longitude)}}
    message = {"text": "", "attachments": [{"type": "location", "payload": place}]}
    return _send(account, phone, "location", message, media=Media("location", name=f"{latitude}, {longitude}"))


def stick(account: OfficialAccount, phone: Phone) -> str:
    """Send a sticker."""
    sticker = {"id": "bfe458bf64fa8da4d4eb", "url": "https://stickers.zaloapp.com/sticker.png"}
    message = {"text": "", "attachments": [{"type": "sticker", "payload": sticker}]}
    return _send(account, phone, "sticker", message, media=Media("sticker", name="🙂"))


def follow(account: OfficialAccount, phone: Phone) -> str:
    """Follow the account; that is an interaction."""
    phone.follows = phone.reachable = True
    _interacted(account, phone)
    return _follower(account, phone, "follow", source="oa_profile")


def unfollow(account: OfficialAccount, phone: Phone) -> str:
    """Stop following; until she follows or writes again nothing reaches her."""
    phone.follows = phone.reachable = False
    return _follower(account, phone, "unfollow", source="oa_profile")


def restrict(account: OfficialAccount, phone: Phone, *, blocked: bool) -> str:
    """Refuse this account's messages, or take them again; Zalo tells the account nothing."""
    phone.blocked = blocked
    _said(account, phone, "block" if blocked else "unblock")
    account.environment.touch(phone)
    return ""


def see(account: OfficialAccount, phone: Phone) -> str:
    """Open the chat: everything in it counts as seen."""
    ids = [m.id for m in phone.messages if m.sender == "bot"]
    body = {"sender": {"id": account.oa_id}, "recipient": {"id": phone.address}, "message": {"msg_ids": ids}}
    account.webhook.emit("user_seen_message", body, phone.slug)
    return ""


def answer_by_hand(account: OfficialAccount, phone: Phone, text: str) -> str:
    """Let a human at the account's own chat console write to her; the echo names that human."""
    return show(account, phone, Content("text", text), admin="admin-1").id


def _follower(account: OfficialAccount, phone: Phone, event: str, **more: str) -> str:
    _said(account, phone, event)
    ids = {"oa_id": account.oa_id, "follower": {"id": phone.address}}
    account.webhook.emit(event, {**ids, "user_id_by_app": zalo_user_by_app(phone.slug), **more}, phone.slug)
    account.environment.touch(phone)
    return ""


def _send_file(
    account: OfficialAccount, phone: Phone, event: str, kind: str, name: str, data: bytes, base_url: str
) -> str:
    file = account.environment.keep_file(kind, name, data)
    url = f"{base_url}/__sim/media/{file.id}"
    payload = {"url": url} | ({"thumbnail": url} if event == "image" else {})
    message = {"text": "", "attachments": [{"type": event, "payload": payload}]}
    return _send(account, phone, event, message, media=Media(kind, file=file.id, name=name))


def _send(
    account: OfficialAccount,
    phone: Phone,
    event: str,
    message: dict[str, Any],
    text: str = "",
    media: Media | None = None,
    group: str = "",
) -> str:
    environment, number = account.environment, account.environment.ids.word()
    _interacted(account, phone)
    phone.reachable = True
    environment.show(phone, Message(number, "user", environment.now(), text, media=media, raw=message))
    _said(account, phone, event, text, number)
    body = {
        "sender": {"id": anonymous.address_of(phone)},
        "recipient": {"id": group or account.oa_id},
        "message": {**message, "msg_id": number, **anonymous.in_message(phone)},
        **anonymous.in_event(phone),
    }
    if group:
        body["oa_id"] = account.oa_id
    who = "anonymous" if phone.conversation else "user"
    account.webhook.emit(f"{who}_send_{'group_' if group else ''}{event}", body, phone.slug)
    return number


def _interacted(account: OfficialAccount, phone: Phone) -> None:
    phone.last_interaction, phone.away = account.environment.now(), False
    account.has.replies.pop(phone.address, None)


def _said(account: OfficialAccount, phone: Phone, what: str, text: str = "", number: str = "") -> None:
    account.environment.log.add("said", "zalo_oa", user=phone.slug, text=text, status=what, message_id=number)
