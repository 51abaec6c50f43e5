"""What `nhipcau admin staff` does with members who are there already."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.cli.admin import with_store
from bot.config.settings import SettingsWrong
from content.zone import VIETNAM
from scheduler.clock import Clock
from store.db.engine import Store
from store.errors import Refused
from store.staff.models import last_seen
from store.staff_admin import offboarding, passphrases

FORGOTTEN = (
    "Her key pair is locked under the forgotten passphrase, and nothing here opens it. She gets a new one: what she "
    "could read until now stays shut for her until a colleague who reads it opens it, drafts of hers are lost, and "
    "the old key is gone for good. If she may still remember it, stop here."
)
"""Said before a forgotten passphrase is replaced."""


def _with(settings_file: Path | None, act: Callable[[Store], Awaitable[None]]) -> int:
    async def refusable(store: Store) -> None:
        try:
            await act(store)
        except Refused as refusal:
            raise SettingsWrong([str(refusal)]) from None

    return with_store(settings_file, refusable)


def run_suspend(login: str, settings_file: Path | None, *, leave_unread: bool) -> int:
    """Suspend a member; returns the exit code."""

    async def act(store: Store) -> None:
        done = await offboarding.suspend(store, Clock().now(), actor="command", login=login, leave_unread=leave_unread)
        print(f"{login} {'was suspended already' if done.before else 'is suspended'}: signed out everywhere, off the")
        print("roster, paged no more; what is written from now on is sealed to others")
        if done.released:
            print(f"back in the queue, others are paged: {', '.join(done.released)}")

    return _with(settings_file, act)


def run_return(login: str, settings_file: Path | None) -> int:
    """Let a suspended member in again; returns the exit code."""

    async def act(store: Store) -> None:
        await offboarding.reinstate(store, Clock().now(), actor="command", login=login)
        print(f"{login} is active again, with the passphrase of before")
        print("she must be put on the roster, and bind her contacts, anew")

    return _with(settings_file, act)


def run_passphrase(login: str, old: str, new: str, settings_file: Path | None, *, leave_unread: bool) -> int:
    """Change a passphrase, or with `old` empty replace her key; returns the exit code."""

    async def act(store: Store) -> None:
        now = Clock().now()
        if old:
            await passphrases.change(store, now, actor="command", login=login, old=old, new=new)
            print(f"the passphrase of {login} was changed; her key stays")
        else:
            await passphrases.renew(store, now, actor="command", login=login, new=new, leave_unread=leave_unread)
            print(f"{login} has a new key under a new passphrase")
            print("what she could read before opens for her when a colleague who reads it opens it")
        print("she is signed out everywhere, and none of her devices is known any more")

    return _with(settings_file, act)


def run_list(settings_file: Path | None) -> int:
    """List everybody; returns the exit code."""

    async def act(store: Store) -> None:
        async with store.data.connect() as conn:
            found = await last_seen(conn)
        rows = [("login", "alias", "roles", "scope", "active", "last sign-in")]
        for row, last in found:
            day = f"{last.astimezone(VIETNAM):%Y-%m-%d}" if last else "never"
            state = "yes" if row.active else "suspended"
            rows.append((row.login, row.alias, ",".join(row.roles), row.scope or "-", state, day))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for line in rows:
            print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())

    return _with(settings_file, act)
