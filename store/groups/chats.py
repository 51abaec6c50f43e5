"""Chats of groups: bind one to its group, follow it where it moves, give it up; seal and open its address."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects.postgresql import insert

from store.crypto.fields import decrypt, encrypt, place
from store.crypto.keyring import MasterKeys
from store.groups.invite_codes import use
from store.groups.models import CHAT, group_chat, village_group
from store.jobs.human_tasks import NewTask, open_task
from store.messages.models import Cause, Status, ledger
from store.unit_of_work import UnitOfWork

TASK = "group"
"""The kind of task that is about a group's chat."""


def seal_address(keys: MasterKeys, account: int, address: str) -> bytes:
    """Seal the address of a group's chat; it is nobody's own, so it lies under a master key."""
    return encrypt(_chat_key(keys), address.encode(), _address_place(account))


def open_address(keys: MasterKeys, account: int, sealed: bytes) -> str:
    """Open a group chat's address. Raises Sealed."""
    return decrypt(_chat_key(keys), sealed, _address_place(account)).decode()


def _chat_key(keys: MasterKeys) -> AESGCM:
    return AESGCM(hmac.digest(keys.kek, b"addresses of group chats", "sha256"))


def _address_place(account: int) -> bytes:
    return place("group_chat", "address", str(account), None)


def _index(keys: MasterKeys, account: int, address: str) -> bytes:
    """The blind index by which a chat is found."""
    return keys.blind(f"group:{account}", address)


async def bind_chat(work: UnitOfWork, account: int, address: str, code: str) -> bool:
    """Bind a chat to the group that its code invites; False when the code is unknown, spent, expired or no chat's.

    One use is spent. A chat bound before moves to the group of its newest code.
    """
    invited = await use(work, code, (CHAT,))
    if invited is None:
        return False
    keys, again = work.store.keys, {"group_id": invited.group_id, "active": True, "bound_at": work.now}
    chat = insert(group_chat).values(
        account=account,
        bidx=_index(keys, account, address),
        address_ct=seal_address(keys, account, address),
        **again,
    )
    await work.conn.execute(chat.on_conflict_do_update(index_elements=[group_chat.c.bidx], set_=again))
    work.record("group.chat_bound", invited.group_id)
    return True


async def move_chat(work: UnitOfWork, account: int, old: str, new: str) -> None:
    """Follow a chat that has another address from now on: what is planned for it goes there.

    Where the new address was bound by a code before this was heard, that one stays and the old one is given up.
    """
    keys = work.store.keys
    index = _index(keys, account, new)
    here = group_chat.c.bidx == _index(keys, account, old)
    bound_anew = (await work.conn.execute(select(group_chat.c.id).where(group_chat.c.bidx == index))).first()
    address = {"bidx": index, "address_ct": seal_address(keys, account, new), "active": True}
    values = {"active": False} if bound_anew else address
    moved = await work.conn.execute(update(group_chat).where(here).values(values).returning(group_chat.c.group_id))
    for group_id in moved.scalars():
        work.record("group.chat_moved", group_id)


async def give_up_chat(work: UnitOfWork, account: int, address: str) -> None:
    """Plan nothing more for a chat that has put the bot out, and tell staff; its code binds it again."""
    here = _is_bound(work, account, address)
    left = update(group_chat).where(here, group_chat.c.group_id == village_group.c.id).values(active=False)
    for group_id, title in await work.conn.execute(left.returning(group_chat.c.group_id, village_group.c.title)):
        await open_task(work, NewTask(TASK, str(group_id), "group.left", alias=title))
        work.record("group.chat_left", group_id)


async def tell_of_muting(work: UnitOfWork, account: int, address: str) -> None:
    """Tell staff that a chat lets the bot write no more; it stays bound, for whoever muted it can take that back."""
    bound = select(group_chat.c.group_id, village_group.c.title).join(village_group)
    for group_id, title in (await work.conn.execute(bound.where(_is_bound(work, account, address)))).all():
        await open_task(work, NewTask(TASK, f"{group_id}.muted", "group.muted", alias=title))
        work.record("group.chat_muted", group_id)


async def tell_of_refusals(work: UnitOfWork, broadcast_id: int) -> None:
    """Tell staff of every group whose chat a broadcast did not reach: not every platform tells why, or at once."""
    unsent = and_(
        ledger.c.cause_kind == Cause.BROADCAST, ledger.c.cause == broadcast_id, ledger.c.status == Status.DEAD
    )
    chats = select(group_chat.c.group_id, village_group.c.title).join(village_group).distinct()
    refused = chats.join(ledger, ledger.c.chat_id == group_chat.c.id).where(unsent, group_chat.c.active)
    for group_id, title in (await work.conn.execute(refused)).all():
        await open_task(work, NewTask(TASK, f"{group_id}.refused", "group.refused", alias=title))


def _is_bound(work: UnitOfWork, account: int, address: str) -> ColumnElement[bool]:
    return (group_chat.c.bidx == _index(work.store.keys, account, address)) & group_chat.c.active
