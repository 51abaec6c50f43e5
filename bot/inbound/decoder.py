"""Decode inbox rows into messages of people: decrypt, parse, and find each person with her key."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.channels.base import Arrived, NotKnown
from bot.channels.endpoint import Endpoint
from bot.inbound.encryption import InboxDecryptor
from flows.model.messages import Incoming
from scheduler.clock import Clock
from store.db.engine import Store
from store.errors import Sealed
from store.jobs.human_tasks import NewTask, open_task
from store.messages import inbox
from store.messages.hot_path.inbound import PendingMessage, PersonRow, load_people
from store.people import models as people
from store.privacy import forgetting
from store.unit_of_work import BOT, unit_of_work

Talk = tuple[PendingMessage, Arrived, bytes]
"""A row of the inbox, what it says, and the blind index of whose it is."""


class SetAside(msgspec.Struct, frozen=True):
    """Why an event is kept and not answered; whose it is where that is known; what staff are told ("" = nothing)."""

    reason: str
    index: bytes | None = None
    task: str = ""


class EventDecoder:
    """Reads rows of the inbox; `unreadable` stands for what an authentic sender said and nobody could parse.

    `lost` collects what is set aside, unanswered, by row.
    """

    def __init__(self, store: Store, endpoints: dict[int, Endpoint], clock: Clock, unreadable: Incoming) -> None:
        self._store = store
        self._endpoints = endpoints
        self._clock = clock
        self._unreadable = unreadable
        self.decryptor = InboxDecryptor(store.keys.inbox_private)
        self.unsealed = 0

    def read(self, row: PendingMessage, lost: dict[int, SetAside]) -> Arrived | None:
        """Parse one event; what nobody can answer (no address, or not sealed by us) is noted in `lost`."""
        try:
            raw = self.decryptor.open(row.key_id, row.account, row.ext, row.sealed)
        except (Sealed, KeyError) as error:
            self.unsealed += 1
            lost[row.id] = SetAside(type(error).__name__)
            return None
        channel = self._endpoints[row.account].channel
        try:
            return channel.read(raw)
        except NotKnown as error:
            person = channel.event_id(raw).person
            index = self._blind(row, person) if person else None
            lost[row.id] = SetAside("NotKnown", index, str(error))
            return None
        except Exception as error:
            if person := channel.event_id(raw).person:
                return Arrived(person, self._unreadable)
            lost[row.id] = SetAside(type(error).__name__)
            return None

    def index(self, row: PendingMessage, arrived: Arrived) -> bytes:
        """The blind index of whose event this is."""
        return self._blind(row, arrived.address)

    def _blind(self, row: PendingMessage, address: str) -> bytes:
        return self._store.keys.blind(str(row.account), address)

    async def people(
        self, pg: asyncpg.Connection, keyring_pg: asyncpg.Connection, talk: list[Talk]
    ) -> tuple[dict[bytes, PersonRow], dict[UUID, AESGCM]]:
        """Everybody who wrote, with her key; who was forgotten a moment ago begins anew."""
        wanted = {index: (row.account, arrived.address) for row, arrived, index in talk}
        known = await load_people(pg, list(wanted)) if wanted else {}
        keys = await self._store.ring.load(keyring_pg, [p.id for p in known.values()])
        keyless = [p.id for p in known.values() if p.id not in keys]
        if keyless and await forgetting.clear_buried(self._store, self._clock.now(), keyring_pg, keyless):
            known = await load_people(pg, list(wanted))
        strangers = [(account, index, address) for index, (account, address) in wanted.items() if index not in known]
        if strangers:
            await people.add(pg, keyring_pg, self._store.ring, strangers, self._clock.now())
            met = await load_people(pg, [index for _, index, _ in strangers])
            known |= met
            keys |= await self._store.ring.load(keyring_pg, [p.id for p in met.values()])
        return known, keys


async def lay_aside(store: Store, pg: asyncpg.Connection, lost: dict[int, SetAside], now: datetime) -> None:
    """Keep what is not answered; of a kind of event that nobody knows staff are told, once until they have looked."""
    if told := sorted({one.task for one in lost.values() if one.task}):
        async with unit_of_work(store, now, BOT) as work:
            for kind in told:
                await open_task(work, NewTask(kind, kind, f"{kind}.unknown"))
    for inbox_id, one in lost.items():
        await inbox.quarantine(pg, inbox_id, one.reason, one.index)
