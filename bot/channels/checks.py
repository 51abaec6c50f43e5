"""Whether the limits in the content and the channels agree, and whether accounts may be used as they are set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.channels.accounts import Account
from bot.channels.registry import channels
from content.findings import Finding
from content.schema import Limits


def limit_findings(limits: Iterable[str]) -> Iterator[Finding]:
    """Yield each channel without limits and each file of limits without a channel."""
    named = set(limits)
    for name in channels():
        if name not in named:
            yield Finding("channels/", 1, f"the limits of {name} are missing", f"add channels/{name}.yaml")
    for name in sorted(named - channels().keys()):
        yield Finding(f"channels/{name}.yaml", 1, f"there is no channel {name}", f"add the package bot/channels/{name}")


def account_objections(accounts: Iterable[Account], limits: Mapping[str, Limits]) -> Iterator[str]:
    """Say of each account that asks for its messages, where a crash would lose them, why it must not."""
    for account in accounts:
        known = limits.get(account.channel)
        if account.polled and known is not None and known.polls == "once":
            yield (
                f"accounts: {account.name} is set to poll, and what {known.full_name} hands to a poller is "
                'gone there before it is stored here, so that a crash loses it; set mode = "webhook"'
            )
