"""Decryption of a claimed ledger row: its address and its text. Nothing else reads either."""

from __future__ import annotations

from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from content.library import BASE
from flows.model.messages import Shown
from store.broadcasts import models as broadcast_models
from store.db.engine import Store, raw
from store.errors import Forgotten, Sealed
from store.groups import chats
from store.messages.hot_path.outbound import ClaimedMessage
from store.messages.models import Cause, Recipient, open_body
from store.people import models as people

_KEPT = 64
"""Texts of broadcasts kept in memory; a broadcast has one for each channel and language."""


class MessageDecryptor:
    """Opens rows with the keys of people, and the shared texts of broadcasts by their approved digest."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[int, broadcast_models.Texts | None] = {}

    async def prepare(self, messages: list[ClaimedMessage]) -> None:
        """Load what a batch needs and memory lacks: keys of people, texts of broadcasts."""
        missing = [m.person_id for m in messages if m.person_id and not self._store.ring.cached(m.person_id)]
        if missing:
            async with raw(self._store.keyring) as keyring_pg:
                await self._store.ring.load(keyring_pg, missing)
        for cause in {m.cause for m in messages if m.cause_kind == Cause.BROADCAST} - self._texts.keys():
            if len(self._texts) >= _KEPT:
                self._texts.pop(next(iter(self._texts)))
            self._texts[cause] = await self._approved(cause)

    async def _approved(self, cause: int) -> broadcast_models.Texts | None:
        """The texts of a broadcast; None when a word is not the approved one: its rows are withheld, no others."""
        async with self._store.data.connect() as conn:
            try:
                return await broadcast_models.texts(conn, cause)
            except Sealed:
                return None

    def shown(self, message: ClaimedMessage, channel: str) -> Shown:
        """The words of a message on its channel. Raises Sealed, Forgotten."""
        if message.cause_kind == Cause.BROADCAST:
            texts = self._texts[message.cause]
            if texts is None or texts.digest != message.digest:
                raise Sealed("the text of a broadcast is not the one that was approved")
            where = broadcast_models.IN_A_CHAT if message.recipient == Recipient.GROUP else channel
            return texts.shown[where, message.lang or BASE]
        person_id, key = self._person(message)
        return open_body(key, person_id, message.cause_kind, message.cause, message.n, message.body_ct or b"")

    def address(self, message: ClaimedMessage) -> str:
        """The address of a message. Raises Sealed when it belongs to another row, Forgotten when its key is gone."""
        if message.recipient == Recipient.GROUP:
            return chats.open_address(self._store.keys, message.account, message.address_ct or b"")
        person_id, key = self._person(message)
        return people.open_address(key, person_id, message.address_ct or b"")

    def _person(self, message: ClaimedMessage) -> tuple[UUID, AESGCM]:
        """Whose message it is, and her key. Raises Forgotten."""
        key = self._store.ring.cached(message.person_id) if message.person_id else None
        if message.person_id is None or key is None:
            raise Forgotten
        return message.person_id, key
