"""`nhipcau admin` and `nhipcau audit`: administration on the machine itself."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.cli.databases import command_work, with_staff
from content.loader import load
from content.zone import VIETNAM
from scheduler.clock import Clock
from store import audit
from store.cases import rekey
from store.db.engine import Store
from store.staff import authorization, review_languages, skills
from store.staff.models import NewMember, StaffRow, create_staff, last_seen, row_of
from store.staff_admin import offboarding, passphrases

FORGOTTEN = (
    "Her key pair is locked under the forgotten passphrase, and nothing here opens it. She gets a new one: what she "
    "could read until now stays shut for her until a colleague who reads it opens it, drafts of hers are lost, and "
    "the old key is gone for good. If she may still remember it, stop here."
)
"""Said before a forgotten passphrase is replaced."""


def run_create_staff(new: NewMember, passphrase: str, settings_file: Path | None) -> int:
    """Create a staff member; returns the exit code."""

    async def act(store: Store) -> None:
        async with command_work(store) as work:
            await create_staff(work, new, passphrase)
        print(f"{new.login} was created")

    return with_staff(settings_file, act)


def run_languages(login: str, langs: list[str], settings_file: Path | None) -> int:
    """Name the languages whose texts and recordings a member may review; returns the exit code."""
    strange = sorted(set(langs) - load().languages.keys())
    if strange:
        print(f"there is no language {', '.join(strange)}: see content/data/languages.yaml", file=sys.stderr)
        return 1

    async def act(store: Store) -> None:
        async with command_work(store) as work:
            await review_languages.give(work, login, langs)
        print(f"{login} reviews {', '.join(sorted(set(langs))) or 'every language'}")

    return with_staff(settings_file, act)


def run_skills(login: str, named: list[str], settings_file: Path | None) -> int:
    """Name what a member is trained for; returns the exit code."""

    async def act(store: Store) -> None:
        async with command_work(store) as work:
            await skills.give(work, login, named)
        print(f"{login} is trained for {', '.join(sorted(set(named))) or 'nothing in particular'}")

    return with_staff(settings_file, act)


def run_scope(login: str, scope: str, settings_file: Path | None) -> int:
    """Give a member another scope; returns the exit code."""

    async def act(store: Store) -> None:
        async with command_work(store) as work:
            found = await authorization.assign(work, login, scope)
        print(f"{login} works for {found}")

    return with_staff(settings_file, act)


def run_suspend(login: str, settings_file: Path | None, *, leave_unread: bool) -> int:
    """Suspend a member; returns the exit code."""

    async def act(store: Store) -> None:
        # sessions end before the suspension stands: a member who is out has none, whatever breaks in between
        async with command_work(store) as work, store.keyring.begin() as keyring_conn:
            done = await offboarding.suspend(work, keyring_conn, login, leave_unread=leave_unread)
        # transactions of their own: rekeying locks one case after the other, and sees only what is committed
        async with command_work(store) as work:
            released = await offboarding.release_cases(work)
        await rekey.follow_roster(store, Clock().now())
        print(f"{login} {'is suspended' if done else 'was suspended already'}: signed out everywhere, off the")
        print("roster, paged no more; what is written from now on is sealed to others")
        if released:
            print(f"back in the queue, others are paged: {', '.join(released)}")

    return with_staff(settings_file, act)


def run_return(login: str, settings_file: Path | None) -> int:
    """Let a suspended member in again; returns the exit code."""

    async def act(store: Store) -> None:
        async with command_work(store) as work, store.keyring.begin() as keyring_conn:
            await offboarding.reinstate(work, keyring_conn, login)
        await rekey.follow_roster(store, Clock().now())
        print(f"{login} is active again, with the passphrase of before")
        print("she must be put on the roster, and bind her contacts, anew")

    return with_staff(settings_file, act)


def run_passphrase(login: str, old: str, new: str, settings_file: Path | None, *, leave_unread: bool) -> int:
    """Change a passphrase, or with `old` empty replace her key; returns the exit code."""

    async def act(store: Store) -> None:
        async with store.data.connect() as conn:
            who = await row_of(conn, login)
        if old:
            await _change(store, who, old, new)
            print(f"the passphrase of {login} was changed; her key stays")
        else:
            await _renew(store, who, new, leave_unread=leave_unread)
            print(f"{login} has a new key under a new passphrase")
            print("what she could read before opens for her when a colleague who reads it opens it")
        print("she is signed out everywhere, and none of her devices is known any more")

    return with_staff(settings_file, act)


async def _change(store: Store, who: StaffRow, old: str, new: str) -> None:
    made = await passphrases.lock_anew(who, old, new)
    async with command_work(store) as work, store.keyring.begin() as keyring_conn:
        await passphrases.change(work, keyring_conn, who, made)


async def _renew(store: Store, who: StaffRow, new: str, *, leave_unread: bool) -> None:
    made = await passphrases.new_key(who, new)
    async with command_work(store) as work, store.keyring.begin() as keyring_conn:
        await passphrases.renew(work, keyring_conn, who, made, leave_unread=leave_unread)
    await rekey.follow_roster(store, Clock().now())


def run_list(settings_file: Path | None) -> int:
    """List everybody; returns the exit code."""

    async def act(store: Store) -> None:
        async with store.data.connect() as conn:
            found = await last_seen(conn)
        rows = [("login", "alias", "roles", "skills", "scope", "active", "last sign-in")]
        for row, last in found:
            day = f"{last.astimezone(VIETNAM):%Y-%m-%d}" if last else "never"
            state = "yes" if row.active else "suspended"
            able = ",".join(row.roles), ",".join(row.skills) or "-"
            rows.append((row.login, row.alias, *able, row.scope or "-", state, day))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for line in rows:
            print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())

    return with_staff(settings_file, act)


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

    return with_staff(settings_file, act) or int(broken)
