"""The channels there are: each package beside this module registers the settings of its accounts and how to build one.

No module names a package: they are found by looking into the folder, once, and each is asked for its `channel` module.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, get_args

import msgspec

from bot.channels.accounts import Account

if TYPE_CHECKING:
    from bot.channels.base import Channel
    from content.schema import Limits
    from store.db.engine import Store

Of = TypeVar("Of", bound=Account, contravariant=True)


class ChannelContext(msgspec.Struct, frozen=True):
    """What the channel of one account is given: its limits from content, the clock, where keys and tokens are kept.

    `webhook_url` is where the platform shall bring its events, None when it is asked for them; `alarm` says a sentence
    to whoever looks after the machines.
    """

    webhook_url: str | None
    limits: Limits
    clock: Callable[[], datetime]
    store: Store
    keys_dir: Path
    alarm: Callable[[str], None]


class Build(Protocol[Of]):
    """What builds the adapter of one account; nothing is opened yet."""

    async def __call__(self, account: Of, context: ChannelContext) -> Channel:
        """Build it."""


class ChannelSpec(msgspec.Struct, frozen=True):
    """One channel: its name in settings and ledger, the settings of an account, and what builds its adapter."""

    name: str
    account: type[Account]
    build: Build[Any]


_REGISTERED: dict[str, ChannelSpec] = {}


def channel(account: type[Of]) -> Callable[[Build[Of]], Build[Of]]:
    """Register the function below as what builds a channel from the settings of an account."""
    [name] = get_args(account.model_fields["channel"].annotation)

    def register(build: Build[Of]) -> Build[Of]:
        assert name not in _REGISTERED, f"the channel {name} is registered twice"  # noqa: S101  a mistake in the code
        _REGISTERED[name] = ChannelSpec(name, account, build)
        return build

    return register


@cache
def channels() -> Mapping[str, ChannelSpec]:
    """Every channel by its name; the packages are looked for at the first call, which is that of the settings."""
    folder = importlib.import_module(__package__)
    for found in pkgutil.iter_modules(folder.__path__):
        if found.ispkg:
            importlib.import_module(f"{__package__}.{found.name}.channel")
    return MappingProxyType(dict(sorted(_REGISTERED.items())))
