"""Decryption of a claimed ledger row: its address and its text. Nothing else reads either."""

from __future__ import annotations

from typing import Any

from content.library import BASE
from flows.model.messages import Shown
from store.broadcasts import models as broadcast_models
from store.db.engine import Store, raw
from store.errors import Forgotten, Sealed
from store.groups import models as groups_models
from store.messages.models import Cause, Recipient, open_body
from store.people import models as people

_KEPT = 64
"""Texts of broadcasts kept in memory; a broadcast has one for each channel and language."""


class MessageDecryptor:
    """Opens rows with the keys of people, and the shared texts of broadcasts by their approved digest."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[int, broadcast_models.Texts | None] = {}

    async def prepare(self, rows: list[Any]) -> None:
        """Load what a batch of rows needs and memory lacks: keys of people, texts of broadcasts."""
        missing = [r["person_id"] for r in rows if r["person_id"] and not self._store.ring.cached(r["person_id"])]
        if missing:
            async with raw(self._store.keyring) as ring:
                await self._store.ring.load(ring, missing)
        for cause in {r["cause"] for r in rows if r["cause_kind"] == Cause.BROADCAST} - self._texts.keys():
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

    def shown(self, row: Any, channel: str) -> Shown:
        """The words of a row on its channel. Raises Sealed, Forgotten."""
        if row["cause_kind"] == Cause.BROADCAST:
            texts = self._texts[row["cause"]]
            if texts is None or texts.digest != row["digest"]:
                raise Sealed("the text of a broadcast is not the one that was approved")
            return texts.shown[channel, row["lang"] or BASE]
        return open_body(self._key(row), row["person_id"], row)

    def address(self, row: Any) -> str:
        """The address of a row. Raises Sealed when it belongs to another row, Forgotten when its key is gone."""
        if row["recipient"] == Recipient.GROUP:
            return groups_models.open_address(self._store.keys, row["account"], row["address_ct"])
        return people.open_address(self._key(row), row["person_id"], row["address_ct"])

    def _key(self, row: Any) -> Any:
        key = self._store.ring.cached(row["person_id"]) if row["person_id"] else None
        if key is None:
            raise Forgotten
        return key
