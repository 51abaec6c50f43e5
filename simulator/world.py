"""The simulated world: the accounts on each platform, and the environment they share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from simulator.core.clock import real_now
from simulator.core.environment import Environment
from simulator.core.phones import Channel, Phone
from simulator.telegram.bot import TelegramBot
from simulator.telegram.methods import call_from_webhook
from simulator.zalo.account import OfficialAccount
from simulator.zalo_bot.bot import ZaloBot


class World(Environment):
    """Everything that exists on the far side of the network.

    `telegram`, `zalo` and `zalo_bot` are the first account of each platform; more can be added.
    """

    def __init__(self, *, seed: int | None = None, clock: Callable[[], datetime] = real_now) -> None:
        super().__init__(seed=seed, clock=clock)
        self.bots: dict[str, TelegramBot] = {}
        self.accounts: dict[str, OfficialAccount] = {}
        self.telegram = self.add_bot()
        self.zalo = self.add_account()
        self.zalo_bots: dict[str, ZaloBot] = {}
        self.zalo_bot = self.add_zalo_bot()

    def add_bot(self, number: int = 1) -> TelegramBot:
        """Add the Telegram bot with this number; its id, user name and token follow from it."""
        bot = TelegramBot(self, number, call_from_webhook)
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
