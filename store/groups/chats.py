"""Chats of groups: bind one to its group, seal and open its address."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects.postgresql import insert

from store.crypto.fields import decrypt, encrypt, place
from store.crypto.keyring import MasterKeys
from store.groups.invite_codes import use
from store.groups.models import CHAT, group_chat
from store.unit_of_work import UnitOfWork


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
        bidx=keys.blind(f"group:{account}", address),
        address_ct=seal_address(keys, account, address),
        **again,
    )
    await work.conn.execute(chat.on_conflict_do_update(index_elements=[group_chat.c.bidx], set_=again))
    work.record("group.chat_bound", invited.group_id)
    return True
