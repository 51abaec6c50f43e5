"""`nhipcau admin` and `nhipcau audit`: administration on the machine itself."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.cli.bootstrap import open_databases
from bot.cli.serve import run_until_told
from bot.config.settings import SettingsWrong, read_settings
from content.loader import load
from scheduler.clock import Clock
from store import audit
from store.db.engine import Store
from store.errors import Refused
from store.staff import authorization, review_languages
from store.staff.models import create_staff


def with_store(settings_file: Path | None, act: Callable[[Store], Awaitable[None]]) -> int:
    """Do something with the open databases; returns the exit code."""

    async def main() -> None:
        store, _ = await open_databases(read_settings(settings_file))
        try:
            await act(store)
            async with store.data.connect() as conn:
                for sentence in await authorization.stray(conn):
                    print(sentence, file=sys.stderr)
        finally:
            await store.close()

    return run_until_told(main)


def run_create_staff(
    login: str, alias: str, roles: list[str], scope: str, passphrase: str, settings_file: Path | None
) -> int:
    """Create a staff member; returns the exit code."""

    async def act(store: Store) -> None:
        try:
            async with store.data.begin() as conn:
                await create_staff(
                    conn,
                    Clock().now(),
                    store.keys.audit,
                    actor="command",
                    login=login,
                    alias=alias,
                    roles=roles,
                    passphrase=passphrase,
                    scope=scope,
                )
        except Refused as refusal:
            raise SettingsWrong([str(refusal)]) from None
        print(f"{login} was created")

    return with_store(settings_file, act)


def run_languages(login: str, langs: list[str], settings_file: Path | None) -> int:
    """Name the languages whose texts and recordings a member may review; returns the exit code."""
    strange = sorted(set(langs) - load().languages.keys())
    if strange:
        print(f"there is no language {', '.join(strange)}: see content/data/languages.yaml", file=sys.stderr)
        return 1

    async def act(store: Store) -> None:
        try:
            async with store.data.begin() as conn:
                key = store.keys.audit
                await review_languages.give(conn, Clock().now(), key, actor="command", login=login, langs=langs)
        except Refused as refusal:
            raise SettingsWrong([str(refusal)]) from None
        print(f"{login} reviews {', '.join(sorted(set(langs))) or 'every language'}")

    return with_store(settings_file, act)


def run_scope(login: str, scope: str, settings_file: Path | None) -> int:
    """Give a member another scope; returns the exit code."""

    async def act(store: Store) -> None:
        try:
            async with store.data.begin() as conn:
                key = store.keys.audit
                found = await authorization.assign(conn, Clock().now(), key, actor="command", login=login, scope=scope)
        except Refused as refusal:
            raise SettingsWrong([str(refusal)]) from None
        print(f"{login} works for {found}")

    return with_store(settings_file, act)


def run_verify(settings_file: Path | None) -> int:
    """Walk the audit chain; returns the exit code."""
    broken = False

    async def act(store: Store) -> None:
        nonlocal broken
        async with store.data.connect() as conn:
            outcome = await audit.verify(conn, store.keys.audit)
        if isinstance(outcome, audit.ChainBroken):
            broken = True
            print(f"the audit chain is broken at row {outcome.seq}", file=sys.stderr)
        else:
            print(f"the audit chain holds: {outcome.rows} rows, head {outcome.mac.hex()}")

    return with_store(settings_file, act) or int(broken)
