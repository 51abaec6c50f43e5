"""Start-up of a long-running command: settings, keys, databases, content, and the application on top."""

from __future__ import annotations

import asyncio
import gc
import importlib.metadata
from functools import partial

from bot.app import Application, open_application
from bot.channels.checks import account_objections, limit_findings
from bot.config.settings import Settings, SettingsWrong
from bot.runtime import Probe, Runtime
from content.findings import ContentErrors
from content.loader import load
from flows.engine.conversation import Conversation
from flows.load import content_for
from scheduler.clock import Clock
from store.areas import models as areas
from store.crypto.keyring import open_keys
from store.db.embedded import embedded, refuse_another_owner, revive_embedded
from store.db.engine import Store, migrate, open_store, refuse_unknown_schemas

PACKAGES = ("bot", "flows", "content", "scheduler", "store", "console", "simulator")


class ForeignPackage(Exception):
    """Another distribution has overwritten one of our packages."""


def prove_packages_are_ours() -> None:
    """Refuse to start when another distribution also installs one of our package names. Raises NotOurs."""
    providers = importlib.metadata.packages_distributions()
    for name in PACKAGES:
        others = sorted(set(providers.get(name, [])) - {"nhipcau"})
        if others:
            raise ForeignPackage(
                f"the distribution {others[0]} also installs a package called '{name}' and may have overwritten ours: "
                "install nhipcau in an environment of its own"
            )


def database_uris(settings: Settings) -> tuple[str, str]:
    """Where data and keyring are: the server of the settings, else the embedded one, which is started or joined."""
    if settings.database_url and settings.keyring_url:
        return settings.database_url.get_secret_value(), settings.keyring_url.get_secret_value()
    return embedded(settings.data_dir)


async def open_databases(settings: Settings) -> tuple[Store, str]:
    """Open the keys and both databases with the newest schema; returns the store and the data URI.

    Raises AnotherOwner, KeysUnsafe, DatabaseDown, OlderSchema, NewerSchema, UnknownSchema.
    """
    if settings.database_url is None:
        refuse_another_owner(settings.data_dir)  # before key files are made beside it
    keys = open_keys(settings.keys_dir, settings.data_dir)
    uris = await asyncio.to_thread(database_uris, settings)
    await refuse_unknown_schemas(*uris)
    await migrate(uris[0], "data")
    await migrate(uris[1], "keyring")
    return open_store(*uris, keys), uris[0]


async def build_application(
    settings: Settings,
    clock: Clock,
    *,
    role: str = "all",
    probe: Probe | None = None,
    conversation: Conversation | None = None,
) -> Application:
    """Build the application on open databases; accounts are numbered, nothing runs yet. Content is read when not given.

    It is read while the databases start: each takes seconds, and neither needs the other.
    """
    (store, data_uri), read = await asyncio.gather(
        open_databases(settings), asyncio.to_thread(partial(_content, conversation, settings))
    )
    async with store.data.begin() as conn:
        await areas.sync_units(conn, read.library.areas)
    revive = None if settings.database_url else partial(revive_embedded, settings.data_dir)
    runtime = Runtime(settings, store, data_uri, read.library, clock, role)
    application = await open_application(runtime, read, probe or (lambda _: None), revive)
    spare_the_collector()
    return application


def spare_the_collector() -> None:
    """Let the garbage collector, off until here, pass over what was built at start and stays: the content above all."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _content(given: Conversation | None, settings: Settings) -> Conversation:
    library = given.library if given is not None else load()
    if found := list(limit_findings(library.limits)):
        raise ContentErrors(found)
    if not settings.demo and (sentences := list(account_objections(settings.accounts, library.limits))):
        raise SettingsWrong(sentences)
    return given or content_for(library)
