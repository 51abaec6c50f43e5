"""The simulated world: its clock, its phones, its accounts on each platform, its faults and its log."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from simulator.core.clock import Clock, real_now
from simulator.core.faults import Faults
from simulator.core.files import Files, StoredFile
from simulator.core.ids import Ids
from simulator.core.log import Log
from simulator.core.phones import Channel, Message, Phone, Phones
from simulator.core.webhook_client import Courier
from simulator.telegram.bot import TelegramBot
from simulator.zalo.account import OfficialAccount
from simulator.zalo_bot.bot import ZaloBot

OnAdvance = Callable[[float], Awaitable[None]]


class World:
    """Everything that exists on the far side of the network.

    `telegram`, `zalo` and `zalo_bot` are the first account of each platform; more can be added. `wire` counts bytes:
    of calls by platform, of events by the address they were brought to. `on_advance`
    callbacks are awaited with the seconds after the clock was moved, so that the bot's own clock can follow.
    """

    def __init__(self, *, seed: int | None = None, clock: Callable[[], datetime] = real_now) -> None:
        self.clock = Clock(clock)
        self.ids = Ids(seed)
        self.log = Log(self.clock.now)
        self.faults = Faults()
        self.phones = Phones()
        self.files = Files()
        self.wire: Counter[str] = Counter()
        self.courier = Courier(self.wire)
        self.on_advance: list[OnAdvance] = []
        self.version = 0
        self._changed = asyncio.Event()
        self._errands: set[asyncio.Task[None]] = set()
        self.bots: dict[str, TelegramBot] = {}
        self.accounts: dict[str, OfficialAccount] = {}
        self.telegram = self.add_bot()
        self.zalo = self.add_account()
        self.zalo_bots: dict[str, ZaloBot] = {}
        self.zalo_bot = self.add_zalo_bot()

    def add_bot(self, number: int = 1) -> TelegramBot:
        """Add the Telegram bot with this number; its id, user name and token follow from it."""
        bot = TelegramBot(self, number)
        self.bots[bot.token] = bot
        return bot

    def add_account(self, number: int = 1) -> OfficialAccount:
        """Add the Zalo Official Account with this number; its ids, secrets and first tokens follow from it."""
        account = OfficialAccount(self, number)
        self.accounts[account.oa_id] = account
        return account

    def add_zalo_bot(self, number: int = 1) -> ZaloBot:
        """Add the Zalo bot with this number; its id and token follow from it."""
        bot = ZaloBot(self, number)
        self.zalo_bots[bot.token] = bot
        return bot

    def now(self) -> datetime:
        """Return the world's time, aware, UTC."""
        return self.clock.now()

    async def advance(self, seconds: float) -> None:
        """Skip `seconds` of time, here and for everybody who follows this clock."""
        self.clock.advance(seconds)
        for follow in self.on_advance:
            await follow(seconds)
        self.touch()

    def phone(self, channel: Channel, slug: str, account: str = "") -> Phone:
        """Return somebody's phone, created as a follower on first use; `account` is the id of a bot or an OA."""
        known = self._known(channel)
        chosen = account or known[0]
        if chosen not in known:
            raise ValueError(f"there is no account {chosen}; the accounts are {sorted(known)}")
        phone = self.phones.take(channel, chosen, slug, self.now())
        if not phone.changed:
            self.touch(phone)
        return phone

    def _known(self, channel: Channel) -> list[str]:
        """Return the ids of a channel's accounts, the first one first."""
        if channel in ("telegram", "telegram_group"):
            return [bot.id for bot in self.bots.values()]
        return [bot.id for bot in self.zalo_bots.values()] if channel == "zalo_bot" else list(self.accounts)

    def name_of(self, phone: Phone) -> str:
        """Return the name under which a phone shows the account it talks to; a group shows its own."""
        if phone.channel == "telegram_group":
            return phone.name
        if phone.channel == "zalo_oa":
            return self.accounts[phone.account].name
        if phone.channel == "zalo_bot":
            return next(bot.name for bot in self.zalo_bots.values() if bot.id == phone.account)
        names = {bot.id: bot.profile.names.get("", "") for bot in self.bots.values()}
        return names[phone.account]

    def show(self, phone: Phone, message: Message) -> None:
        """Put a message on a phone."""
        phone.messages.append(message)
        if message.sender == "bot":
            self.log.add(
                "delivered", phone.channel, user=phone.slug, text=message.text, status="ok", message_id=message.id
            )
        self.touch(phone)

    def remove(self, phone: Phone, message: Message) -> None:
        """Take a message off a phone."""
        phone.messages.remove(message)
        self.log.add("removed", phone.channel, user=phone.slug, status="ok", message_id=message.id)
        self.touch(phone)

    def keep_file(self, kind: str, name: str, data: bytes) -> StoredFile:
        """Store bytes under a fresh id."""
        return self.files.keep(StoredFile(self.ids.word(32), kind, name, data, self.now()))

    def touch(self, phone: Phone | None = None) -> None:
        """Note that something visible changed and wake whoever watches."""
        self.version += 1
        if phone is not None:
            phone.changed = self.version
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def watch(self, since: int, timeout: float) -> bool:
        """Return true as soon as something changed after version `since`, false after `timeout` seconds."""
        if self.version > since:
            return True
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return False
        return True

    def send_on(self, errand: Coroutine[Any, Any, None]) -> None:
        """Run an errand (a webhook delivery) beside the caller until it is done or the world is closed."""
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def reset(self) -> None:
        """Forget people, messages, files, faults and log. Accounts, tokens, webhooks and the clock stay."""
        self.phones.clear()
        self.files.clear()
        self.faults.replace([])
        self.log.clear()
        for bot in self.bots.values():
            bot.reset()
        for account in self.accounts.values():
            account.reset()
        for zalo_bot in self.zalo_bots.values():
            zalo_bot.reset()
        self.touch()

    async def close(self) -> None:
        """Stop every errand and close the HTTP client."""
        errands = list(self._errands)
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)
        await self.courier.close()
