"""Signing in: a passphrase opens the vault, a cookie carries the opened vault, limits stop guessing.

All times here are real time, never the clock the demo may move.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit, staff, vault
from store.database import Store
from store.errors import Refused, Sealed
from store.staff import Member, login_attempt, staff_session

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
PER_LOGIN, PER_SOURCE = 5, 20
"""Failed attempts a minute: for one login, and from one network address."""
_WINDOW = timedelta(minutes=1)
_MEMORY = timedelta(hours=1)
_LONGEST_WAIT = 40.0
_TOUCH = timedelta(seconds=20)


class WrongLogin(Refused):
    """The login or the passphrase is not right."""


class TooOften(Refused):
    """Too many attempts; wait."""

    def __init__(self, after: float) -> None:
        super().__init__()
        self.after = after


class Present(msgspec.Struct, frozen=True):
    """Who is signed in on this request, with her opened private key; lives as long as the request."""

    member: Member
    private_key: bytes
    sid_hash: bytes


async def enter(
    store: Store, now: datetime, *, login: str, passphrase: str, agent: str, source: str = ""
) -> tuple[str, Member]:
    """Sign in; return the cookie's token (256 bits, base64url) and the member.

    Raises TooOften before any work, WrongLogin after the same work whether the login exists or not.
    """
    tags = [(_tag(store, "login", staff.login_name(login)), PER_LOGIN)]
    tags += [(_tag(store, "source", source), PER_SOURCE)] if source else []
    async with store.keyring.begin() as ring_conn:
        attempts = [await _attempt(ring_conn, now, tag, most) for tag, most in tags]
    async with store.data.connect() as conn:
        found = await staff.by_login(conn, login)
    who, blob = found or (None, vault.decoy())
    try:
        private = await staff.stretched(vault.unlock, blob, passphrase)
    except Sealed:
        await _record(store, now, who, "staff.login_failed")
        raise WrongLogin from None
    if who is None:
        raise WrongLogin
    token = await _begin(store, now, who, private, agent)
    async with store.keyring.begin() as ring_conn:
        good = (login_attempt.c.tag == tags[0][0]) | login_attempt.c.id.in_(attempts)
        await ring_conn.execute(update(login_attempt).where(good).values(failed=False))
    await _record(store, now, who, "staff.signed_in")
    return token, who


async def present(store: Store, now: datetime, token: str, agent: str, *, touch: bool = True) -> Present | None:
    """Look a session up: None when unknown, ended, idle, old, of another browser or of a disabled member.

    `touch` is for what a person does; a stream that keeps itself open does not keep the session alive.
    """
    raw = _raw(token)
    if raw is None:
        return None
    async with store.keyring.begin() as ring_conn:
        row = await _live(ring_conn, now, _hash(raw), family(agent))
        if row is None:
            return None
        if touch and now - row.last_seen_at > _TOUCH:
            seen = update(staff_session).where(staff_session.c.sid_hash == row.sid_hash)
            await ring_conn.execute(seen.values(last_seen_at=now))
    async with store.data.connect() as conn:
        who = await staff.member(conn, row.staff_id)
    if who is None:
        return None
    try:
        return Present(who, vault.unlock_for_session(row.vault_ct, raw), row.sid_hash)
    except Sealed:
        return None


async def alive(store: Store, now: datetime, sid_hash: bytes) -> bool:
    """Whether a session still stands, without opening anything; asked again and again by open streams."""
    async with store.keyring.connect() as ring_conn:
        return await _live(ring_conn, now, sid_hash, None) is not None


async def leave(store: Store, now: datetime, token: str) -> None:
    """Sign out: the session is gone from this moment on every page."""
    raw = _raw(token)
    if raw is None:
        return
    async with store.keyring.begin() as ring_conn:
        gone = delete(staff_session).where(staff_session.c.sid_hash == _hash(raw))
        staff_id = (await ring_conn.execute(gone.returning(staff_session.c.staff_id))).scalar_one_or_none()
    if staff_id is not None:
        await _record(store, now, staff_id, "staff.signed_out")


def family(agent: str) -> str:
    """Name the browser family of a User-Agent: a stolen cookie must at least come from the same kind."""
    for name in ("Edg", "OPR", "SamsungBrowser", "CocCoc", "coc_coc_browser", "Firefox", "Chrome", "Safari"):
        if re.search(rf"\b{name}/", agent, re.IGNORECASE):
            return name.lower()
    return "other"


async def _begin(store: Store, now: datetime, who: Member, private: bytes, agent: str) -> str:
    raw = secrets.token_bytes(32)
    values = {
        "sid_hash": _hash(raw),
        "staff_id": who.id,
        "vault_ct": vault.lock_for_session(private, raw),
        "created_at": now,
        "last_seen_at": now,
        "agent": family(agent),
    }
    async with store.keyring.begin() as ring_conn:
        await ring_conn.execute(delete(staff_session).where(staff_session.c.created_at <= now - ABSOLUTE))
        await ring_conn.execute(insert(staff_session).values(values))
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def _attempt(ring_conn: AsyncConnection, now: datetime, tag: bytes, most: int) -> int:
    """Count this attempt as failed until it succeeds, so that attempts made at once count as well."""
    await ring_conn.execute(select(func.pg_advisory_xact_lock(int.from_bytes(tag[:8], "big", signed=True))))
    mine = login_attempt.c.tag == tag
    await ring_conn.execute(delete(login_attempt).where(mine, login_attempt.c.at < now - _MEMORY))
    query = select(login_attempt.c.at).where(mine, login_attempt.c.failed).order_by(login_attempt.c.at.desc())
    failed = [row.at for row in await ring_conn.execute(query)]
    after = _wait(now, failed, most)
    if after > 0:
        raise TooOften(after)
    attempt = insert(login_attempt).values(tag=tag, at=now).returning(login_attempt.c.id)
    number: int = (await ring_conn.execute(attempt)).scalar_one()
    return number


def _wait(now: datetime, failed: list[datetime], most: int) -> float:
    """Seconds until the next attempt: `most` a minute, and from the third failure on a pause that doubles."""
    full = failed[most - 1] + _WINDOW if len(failed) >= most else now
    pause = min(2.0 ** (len(failed) - 3), _LONGEST_WAIT) if len(failed) >= 3 and most == PER_LOGIN else 0.0
    rested = failed[0] + timedelta(seconds=pause) if failed else now
    return max((full - now).total_seconds(), (rested - now).total_seconds(), 0.0)


async def _live(ring_conn: AsyncConnection, now: datetime, sid_hash: bytes, agent: str | None) -> Row[Any] | None:
    query = select(staff_session).where(
        staff_session.c.sid_hash == sid_hash,
        staff_session.c.created_at > now - ABSOLUTE,
        staff_session.c.last_seen_at > now - IDLE,
    )
    if agent is not None:
        query = query.where(staff_session.c.agent == agent)
    return (await ring_conn.execute(query)).one_or_none()


async def _record(store: Store, now: datetime, who: Member | UUID | None, action: str) -> None:
    staff_id = who.id if isinstance(who, Member) else who
    actor = str(staff_id) if staff_id else "unknown"
    async with store.data.begin() as conn:
        await audit.record(conn, now, store.house.audit, actor=actor, action=action, object="console")


def _tag(store: Store, kind: str, value: str) -> bytes:
    # keyed: somebody in a hurry types her passphrase where the login goes
    return hmac.digest(store.house.index, f"signin:{kind}:{value}".encode(), "sha256")[:16]


def _hash(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _raw(token: str) -> bytes | None:
    try:
        raw = base64.urlsafe_b64decode(token + "=")
    except ValueError:
        return None
    return raw if len(raw) == 32 else None
