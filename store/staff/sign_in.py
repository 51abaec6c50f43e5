"""Sign-in: a passphrase opens the vault, a cookie carries the opened vault, limits stop guessing.

All times here are real time, never the clock the demo may move.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.db.engine import Store
from store.errors import Refused, Sealed
from store.refusals import Refusal
from store.staff import models as staff
from store.staff import vault
from store.staff.devices import Device
from store.staff.models import Member, staff_session
from store.staff.sign_in_limits import (
    HOUSE,
    MINUTE,
    PER_LOGIN,
    PER_SOURCE,
    SECOND,
    AttemptQueue,
    Budget,
    begin,
    failures,
    succeed,
)
from store.unit_of_work import Actor, member_actor, unit_of_work

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
_TOUCH = timedelta(seconds=20)


class WrongLogin(Refused):
    """The login or the passphrase is not right."""

    def __init__(self) -> None:
        super().__init__(Refusal.LOGIN_WRONG)


class SignedIn(msgspec.Struct, frozen=True):
    """Who is signed in on this request, with her opened private key; lives as long as the request."""

    member: Member
    private_key: bytes
    sid_hash: bytes


class SignInAttempt(msgspec.Struct, frozen=True):
    """What somebody typed, and where: `source` is her address ("": not known).

    `device` is what `devices.read` made of her browser's cookie: a device she is known by has a budget of its own,
    all others share one, and take turns by `source`.
    """

    login: str
    passphrase: str
    agent: str
    source: str = ""
    device: Device | None = None

    def __repr__(self) -> str:
        """Nothing of it: a passphrase may not reach a log, and somebody in a hurry types hers where the login goes."""
        return "SignInAttempt()"


async def enter(
    store: Store, now: datetime, attempt: SignInAttempt, turns: AttemptQueue | None = None
) -> tuple[str, Member]:
    """Sign in; return the cookie's token (256 bits, base64url) and the member.

    `turns` is this process's. Raises TooOften before any hash, WrongLogin after the same work whether the login exists
    or not.
    """
    login, device, source = staff.login_name(attempt.login), attempt.device, attempt.source
    found = await _found(store, login) if device is not None else None
    if found and device is not None and found.member is not None and found.member.mark == device.mark:
        budgets = [Budget(_tag(store, "device", f"{device.id.hex()}:{login}"), PER_LOGIN, MINUTE, pauses=True)]
        counted = await _count(store, now, found, budgets)
        private = await _open(store, now, found, attempt.passphrase, staff.KNOWN)
    else:
        budgets = _budgets_of_strangers(store, login, source)
        turns = turns or AttemptQueue()
        with turns.turn(now, source, budgets):
            found = found or await _found(store, login)
            counted = await _count(store, now, found, budgets)
            turns.serve(now, source)
            private = await _open(store, now, found, attempt.passphrase, staff.STRANGERS)
    if found.member is None:
        raise WrongLogin
    token = await _begin(store, now, found.member.id, private, attempt.agent)
    async with store.keyring.begin() as keyring_conn:
        await succeed(keyring_conn, counted, wiped=budgets[-1].tag)
    await _record(store, now, found.member.id, "staff.signed_in")
    return token, found.member


class LiveSession(msgspec.Struct, frozen=True):
    """A session that stands: whose it is, and her vault with what opens it."""

    staff_id: UUID
    sid_hash: bytes
    vault_ct: bytes
    token: bytes


async def live_session(
    store: Store, now: datetime, token: str, agent: str, *, touch: bool = True
) -> LiveSession | None:
    """Look a session up: None when unknown, ended, idle, old or of another browser.

    `touch` is for what a person does; a stream that keeps itself open does not keep the session alive.
    """
    raw = _raw(token)
    if raw is None:
        return None
    async with store.keyring.connect() as keyring_conn:
        await keyring_conn.execution_options(isolation_level="AUTOCOMMIT")
        row = await _live(keyring_conn, now, _hash(raw), family(agent))
        if row is not None and touch and now - row.last_seen_at > _TOUCH:
            seen = update(staff_session).where(staff_session.c.sid_hash == row.sid_hash)
            await keyring_conn.execute(seen.values(last_seen_at=now))
    return None if row is None else LiveSession(row.staff_id, row.sid_hash, row.vault_ct, raw)


def signed_in(session: LiveSession, who: Member) -> SignedIn | None:
    """The member of a session with her opened key; None when her vault does not open."""
    try:
        return SignedIn(who, vault.unlock_for_session(session.vault_ct, session.token), session.sid_hash)
    except Sealed:
        return None


async def alive(store: Store, now: datetime, sid_hash: bytes) -> bool:
    """Whether a session still stands, and its member is active, without opening anything; asked by open streams."""
    async with store.keyring.connect() as keyring_conn:
        row = await _live(keyring_conn, now, sid_hash, None)
    if row is None:
        return False
    async with store.data.connect() as conn:
        return await staff.member(conn, row.staff_id) is not None


async def leave(store: Store, now: datetime, token: str) -> None:
    """Sign out: the session is gone from this moment on every page."""
    raw = _raw(token)
    if raw is None:
        return
    async with store.keyring.begin() as keyring_conn:
        gone = delete(staff_session).where(staff_session.c.sid_hash == _hash(raw))
        staff_id = (await keyring_conn.execute(gone.returning(staff_session.c.staff_id))).scalar_one_or_none()
    if staff_id is not None:
        await _record(store, now, staff_id, "staff.signed_out")


def family(agent: str) -> str:
    """Name the browser family of a User-Agent: a stolen cookie must at least come from the same kind."""
    for name in ("Edg", "OPR", "SamsungBrowser", "CocCoc", "coc_coc_browser", "Firefox", "Chrome", "Safari"):
        if re.search(rf"\b{name}/", agent, re.IGNORECASE):
            return name.lower()
    return "other"


class _Found(msgspec.Struct, frozen=True):
    """Whose login it is, None for nobody's, and the vault that the passphrase shall open."""

    member: Member | None
    vault: bytes


async def _found(store: Store, login: str) -> _Found:
    async with store.data.connect() as conn:
        row = await staff.by_login(conn, login) if "\0" not in login else None
    return _Found(None, vault.decoy()) if row is None else _Found(row.member(), row.vault)


def _budgets_of_strangers(store: Store, login: str, source: str) -> list[Budget]:
    """What an unknown device may: little in all, half of that from one source, and a login more and more slowly."""
    return [
        Budget(_tag(store, "house", ""), HOUSE, SECOND, own=False),
        *([Budget(_tag(store, "source", source), PER_SOURCE, SECOND)] if source else []),
        Budget(_tag(store, "login", f"{source}:{login}"), PER_LOGIN, MINUTE, pauses=True),
    ]


async def _count(store: Store, now: datetime, found: _Found, budgets: Sequence[Budget]) -> list[int]:
    async with store.keyring.begin() as keyring_conn:
        return await begin(keyring_conn, now, budgets, _whose(store, found))


async def _open(store: Store, now: datetime, found: _Found, passphrase: str, where: ThreadPoolExecutor) -> bytes:
    """Open the vault. Raises WrongLogin; failures are recorded when their number in this hour has doubled."""
    try:
        return await staff.stretched(vault.unlock, found.vault, passphrase, where=where)
    except Sealed:
        async with store.keyring.connect() as keyring_conn:
            failed = await failures(keyring_conn, now, _whose(store, found))
        if failed.bit_count() <= 1:
            who = found.member.id if found.member else None
            await _record(store, now, who, "staff.login_failed", failures=failed)
        raise WrongLogin from None


def _whose(store: Store, found: _Found) -> bytes:
    return _tag(store, "whose", str(found.member.id) if found.member else "")


async def _begin(store: Store, now: datetime, staff_id: UUID, private: bytes, agent: str) -> str:
    raw = secrets.token_bytes(32)
    values = {
        "sid_hash": _hash(raw),
        "staff_id": staff_id,
        "vault_ct": vault.lock_for_session(private, raw),
        "created_at": now,
        "last_seen_at": now,
        "agent": family(agent),
    }
    async with store.keyring.begin() as keyring_conn:
        await keyring_conn.execute(delete(staff_session).where(staff_session.c.created_at <= now - ABSOLUTE))
        await keyring_conn.execute(insert(staff_session).values(values))
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class _Session(msgspec.Struct, frozen=True):
    """A session that still stands; `vault_ct` opens by its cookie."""

    sid_hash: bytes
    staff_id: UUID
    vault_ct: bytes
    last_seen_at: datetime


async def _live(keyring_conn: AsyncConnection, now: datetime, sid_hash: bytes, agent: str | None) -> _Session | None:
    of = staff_session.c
    query = select(of.sid_hash, of.staff_id, of.vault_ct, of.last_seen_at).where(
        of.sid_hash == sid_hash, of.created_at > now - ABSOLUTE, of.last_seen_at > now - IDLE
    )
    if agent is not None:
        query = query.where(of.agent == agent)
    row = (await keyring_conn.execute(query)).one_or_none()
    return None if row is None else _Session(*row)


async def _record(store: Store, now: datetime, staff_id: UUID | None, action: str, **meta: audit.Code) -> None:
    actor = Actor("unknown") if staff_id is None else member_actor(staff_id)
    async with unit_of_work(store, now, actor) as work:
        work.record(action, "console", **meta)


def _tag(store: Store, kind: str, value: str) -> bytes:
    # keyed: somebody in a hurry types her passphrase where the login goes
    return hmac.digest(store.keys.index, f"signin:{kind}:{value}".encode(), "sha256")[:16]


def _hash(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _raw(token: str) -> bytes | None:
    try:
        raw = base64.urlsafe_b64decode(token + "=")
    except ValueError:
        return None
    return raw if len(raw) == 32 else None
