"""Everything a person can do with her phone, by name, for every channel."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.core.phones import Choice, Message, Phone
from simulator.telegram import person as telegram
from simulator.telegram.bot import TelegramBot
from simulator.telegram.person import ImpossibleAction
from simulator.world import World
from simulator.zalo import anonymous
from simulator.zalo import person as zalo
from simulator.zalo.account import OfficialAccount
from simulator.zalo_bot import person as zalo_bot
from simulator.zalo_bot.bot import ZaloBot

SOMEBODY = "somebody"
HA_NOI = (21.0285, 105.8542)  # latitude and longitude of a shared place unless given


@dataclass(frozen=True)
class PhoneAction:
    """Whose phone, what came with the request, and how this world is reached from outside."""

    world: World
    phone: Phone
    given: Mapping[str, Any]
    base_url: str

    @property
    def bot(self) -> TelegramBot:
        """The Telegram bot this phone talks to."""
        return next(bot for bot in self.world.bots.values() if bot.id == self.phone.account)

    @property
    def account(self) -> OfficialAccount:
        """The Official Account this phone talks to."""
        return self.world.accounts[self.phone.account]

    @property
    def zalo_bot(self) -> ZaloBot:
        """The Zalo bot this phone talks to."""
        return next(bot for bot in self.world.zalo_bots.values() if bot.id == self.phone.account)

    def text(self) -> str:
        """Return the text to say; raises ValueError when there is none."""
        text = self.given.get("text")
        if not isinstance(text, str) or not text:
            raise ValueError('nothing to say: send {"text": "…"}')
        return text

    def group(self) -> Phone:
        """Return the group to write in, created on first use; raises ValueError when none is named."""
        group = self.given.get("group")
        if not isinstance(group, str) or not group:
            raise ValueError('no group to write in: send {"group": "slug", "text": "…"}')
        return self.world.phone("telegram_group", group, self.phone.account)

    def member(self) -> Phone:
        """Return the person of this group who acts; somebody, unless `from` names one."""
        return self.world.phone("telegram", str(self.given.get("from", SOMEBODY)), self.phone.account)

    def data(self) -> bytes | None:
        """Return the bytes that came as base64, if any; raises ValueError when they are not base64."""
        try:
            return base64.b64decode(self.given["data"], validate=True) if "data" in self.given else None
        except (binascii.Error, TypeError, ValueError):
            raise ValueError("data is not base64") from None

    def file(self) -> tuple[bytes, str]:
        """Return the bytes and the name of a file to send; raises ValueError when there are no bytes."""
        data = self.data()
        if data is None:
            raise ValueError('no file to send: send {"data": "base64 …", "name": "paper.pdf"}')
        return data, str(self.given.get("name", "file.bin"))

    def place(self) -> tuple[float, float]:
        """Return latitude and longitude; raises ValueError when they are no numbers."""
        try:
            return float(self.given.get("latitude", HA_NOI[0])), float(self.given.get("longitude", HA_NOI[1]))
        except (TypeError, ValueError):
            raise ValueError("latitude and longitude are numbers of degrees") from None

    def count(self) -> int:
        """Return how many pictures an album has; raises ValueError when it has fewer than 2 or more than 10."""
        count = self.given.get("count", 2)
        if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= 10:
            raise ValueError('an album has 2 to 10 pictures: send {"count": 2}')
        return count

    def choice(self) -> int | str:
        """Return the choice to press: a number from 1 or a label; raises ValueError when there is none."""
        choice = self.given.get("choice")
        if isinstance(choice, bool) or not isinstance(choice, int | str) or choice == "":
            raise ValueError('nothing to press: send {"choice": 1} or {"choice": "label"}')
        return choice


def find_choice(phone: Phone, wanted: int | str, message_id: str = "") -> tuple[Message, Choice]:
    """Return the button meant, on the given message or on the newest that has any; raises Impossible."""
    newest = next((m for m in reversed(phone.messages) if m.choices), None)
    message = phone.find(message_id) if message_id else newest
    if message is None or not message.choices:
        raise ImpossibleAction(f"{phone.slug} sees no buttons to press")
    for number, choice in enumerate(message.choices, start=1):
        if wanted in (number, choice.label) or str(wanted) == str(number):
            return message, choice
    labels = [choice.label for choice in message.choices]
    raise ImpossibleAction(f"{phone.slug} sees no button {wanted!r}; the buttons are {labels}")


def _press_telegram(act: PhoneAction) -> str:
    message, choice = find_choice(act.phone, act.choice(), str(act.given.get("message_id", "")))
    return telegram.press(act.bot, act.phone, message, choice)


def _say_on_telegram(act: PhoneAction) -> str:
    topic, link, to = int(act.given.get("topic", 0)), str(act.given.get("link", "")), str(act.given.get("to", ""))
    return telegram.write(act.bot, act.phone, act.text(), topic=topic, link=link, to=to)


TELEGRAM: dict[str, Callable[[PhoneAction], str]] = {
    "say": _say_on_telegram,
    "group_say": lambda act: telegram.write(act.bot, act.phone, act.text(), act.group()),
    "press": _press_telegram,
    "voice": lambda act: telegram.speak(act.bot, act.phone, act.data()),
    "image": lambda act: telegram.show_picture(act.bot, act.phone, act.data(), str(act.given.get("caption", ""))),
    "album": lambda act: telegram.show_album(act.bot, act.phone, act.count(), str(act.given.get("caption", ""))),
    "edit": lambda act: telegram.edit(act.bot, act.phone, str(act.given.get("message_id", "")), act.text()),
    "file": lambda act: telegram.send_document(act.bot, act.phone, *act.file()),
    "location": lambda act: telegram.share_place(act.bot, act.phone, *act.place()),
    "sticker": lambda act: telegram.stick(act.bot, act.phone, str(act.given.get("to", ""))),
    "follow": lambda act: telegram.start(act.bot, act.phone),
    "unfollow": lambda act: telegram.block(act.bot, act.phone),
    "block": lambda act: telegram.block(act.bot, act.phone),
    "unblock": lambda act: telegram.unblock(act.bot, act.phone),
}

TELEGRAM_GROUP: dict[str, Callable[[PhoneAction], str]] = {
    "say": lambda act: telegram.write(act.bot, act.member(), act.text(), act.phone),
    "remove": lambda act: telegram.remove(act.bot, act.phone, act.member()),
    "mute": lambda act: telegram.mute(act.bot, act.phone, act.member()),
    "upgrade": lambda act: telegram.upgrade(act.bot, act.phone, act.member()),
}


def _share_on_zalo(act: PhoneAction) -> str:
    title, description = str(act.given.get("title", "")), str(act.given.get("description", ""))
    return zalo.share_link(act.account, act.phone, act.text(), title, description)


def _leave_for_long(act: PhoneAction) -> str:
    act.phone.away = True
    return ""


ZALO: dict[str, Callable[[PhoneAction], str]] = {
    "say": lambda act: zalo.write(act.account, act.phone, act.text(), str(act.given.get("group", ""))),
    "link": _share_on_zalo,
    "press": lambda act: zalo.write(act.account, act.phone, str(act.choice())),
    "voice": lambda act: zalo.speak(act.account, act.phone, act.base_url, act.data()),
    "image": lambda act: zalo.show_picture(act.account, act.phone, act.base_url, act.data()),
    "album": lambda act: zalo.show_album(act.account, act.phone, act.base_url, act.count()),
    "file": lambda act: zalo.send_document(act.account, act.phone, act.base_url, *act.file()),
    "location": lambda act: zalo.share_place(act.account, act.phone, *act.place()),
    "sticker": lambda act: zalo.stick(act.account, act.phone),
    "follow": lambda act: zalo.follow(act.account, act.phone),
    "unfollow": lambda act: zalo.unfollow(act.account, act.phone),
    "block": lambda act: zalo.restrict(act.account, act.phone, blocked=True),
    "unblock": lambda act: zalo.restrict(act.account, act.phone, blocked=False),
    "see": lambda act: zalo.see(act.account, act.phone),
    "away": _leave_for_long,
    "anonymous": lambda act: anonymous.sign_out(act.account, act.phone),
    "staff": lambda act: zalo.answer_by_hand(act.account, act.phone, act.text()),
}

ZALO_BOT: dict[str, Callable[[PhoneAction], str]] = {
    "say": lambda act: zalo_bot.write(act.zalo_bot, act.phone, act.text(), str(act.given.get("group", ""))),
    "press": lambda act: zalo_bot.write(act.zalo_bot, act.phone, str(act.choice())),
    "voice": lambda act: zalo_bot.speak(act.zalo_bot, act.phone, act.base_url, act.data()),
    "image": lambda act: zalo_bot.show_picture(
        act.zalo_bot, act.phone, act.base_url, act.data(), str(act.given.get("caption", ""))
    ),
    "location": lambda act: zalo_bot.share_place(act.zalo_bot, act.phone, *act.place()),
    "sticker": lambda act: zalo_bot.stick(act.zalo_bot, act.phone),
    "follow": lambda act: zalo_bot.follow(act.zalo_bot, act.phone),
    "unfollow": lambda act: zalo_bot.unfollow(act.zalo_bot, act.phone),
    "block": lambda act: zalo_bot.restrict(act.zalo_bot, act.phone, blocked=True),
    "unblock": lambda act: zalo_bot.restrict(act.zalo_bot, act.phone, blocked=False),
}

ACTS: dict[str, dict[str, Callable[[PhoneAction], str]]] = {
    "telegram": TELEGRAM,
    "telegram_group": TELEGRAM_GROUP,
    "zalo_oa": ZALO,
    "zalo_bot": ZALO_BOT,
}
