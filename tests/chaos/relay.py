"""Thousands of words and photos between people and their counsellors, through kill -9: each to its own phone and case.

Every text and some photos name whom they belong to. The stand-ins' delivery log and the phones are the truth for what
went out, the recovery key for what is in the cases, and nothing that lies on a disk may hold a word.
"""

from __future__ import annotations

import asyncio
import base64
import random
import time
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import select, text

from content.media.sanitize import take
from scheduler.clock import Clock
from simulator.control.actions import ACTS, PhoneAction
from simulator.core.phones import Channel
from store.cases.models import case_file
from store.people.models import account, person
from store.staff import vault
from store.staff.models import staff
from tests.support import casework, content
from tests.support.canaries import dumps, forms, found_in
from tests.support.files import pictures
from tests.support.staff import shut_out
from tests.support.stage import LOGINS, Stage, stage, until

CHANNELS: dict[str, str] = {"telegram": "telegram", "zalo_oa": "zalo", "zalo_bot": "zalo-bot"}
"""Each channel and the name of its account in the tests."""
STAGES = ("sent", "stepped", "claimed")
"""Where a service dies: these are passed once for a message or a handful, so that kills fall all over the storm."""
PIECE = "hoangyenkho"
"""What every text holds, and every photo before it is cleaned."""
MARK = b"|mark:"
"""What the pixels of a photo hold before the name of whose it is."""
AT_ONCE = 8
"""People who write, and are answered, at the same time."""
PHOTO_EVERY = 25
"""Of so many messages each way one comes with a photo."""

NOT_FOLLOWED = (
    "SELECT count(*) FROM case_file c "
    "WHERE NOT EXISTS (SELECT 1 FROM case_key k WHERE k.case_id = c.id AND k.epoch > 1)"
)
UNDER_WAY = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 0) + (SELECT count(*) FROM ledger WHERE status IN (0, 1, 4)) "
    "+ (SELECT count(*) FROM case_attachment WHERE state = 0)"
)


@dataclass
class RelayResult:
    """What a storm did and what was found afterwards."""

    people: int = 0
    said: int = 0
    answered: int = 0
    photos_said: int = 0
    photos_answered: int = 0
    kills: int = 0
    per_stage: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    wrong_recipient: int = 0
    wrong: list[str] = field(default_factory=list)
    wrong_case: int = 0
    missing: int = 0
    seen_twice: int = 0
    seen_twice_unexplained: int = 0
    files_searched: int = 0
    files_with_canaries: list[str] = field(default_factory=list)
    photos_unreadable: int = 0
    photos_asked_again: int = 0
    photos_by_address: int = 0
    photos_seconds: float = 0.0
    photos_not_clean: int = 0
    removed_reads_earlier: int = 0
    removed_reads_later: int = 0
    recovery_reads: int = 0
    recovery_unread: int = 0


class RelayStorm:
    """People with open cases, one counsellor who answers, one who is removed half way."""

    def __init__(self, set_up: Stage, people: int, seed: int) -> None:
        self.set_up = set_up
        self.rng = random.Random(seed)
        self.outcome = RelayResult(people=people)
        chosen = islice(cycle(CHANNELS), people)
        self.people = [(channel, f"{channel.replace('_', '')}{n}") for n, channel in enumerate(chosen)]
        self.cases: dict[str, UUID] = {}
        self.said: dict[str, int] = dict.fromkeys((slug for _, slug in self.people), 0)
        self.answered = dict(self.said)
        self.border = 0
        self.library = content.library()
        self.kept = asyncio.Event()
        self.told = asyncio.Event()

    async def member(self, login: str) -> tuple[UUID, bytes]:
        """A member's id and private key."""
        async with self.set_up.store.data.connect() as conn:
            row = (await conn.execute(select(staff.c.id, staff.c.vault).where(staff.c.login == login))).one()
        passphrase = next(given for name, given, _ in LOGINS if name == login)
        return row.id, await asyncio.to_thread(vault.unlock, row.vault, passphrase)

    def act(self, channel: str, slug: str, act: str, **given: str) -> None:
        """Let somebody use her phone."""
        phone = self.set_up.world.phone(cast(Channel, channel), slug)
        ACTS[channel][act](PhoneAction(self.set_up.world, phone, given, self.set_up.sim))

    async def open_cases(self) -> None:
        """Let everybody cry, and one counsellor take every case."""
        for channel, slug in self.people:
            self.act(channel, slug, "say", text="cứu em với")
        await until(self._all_open, 120)
        counsellor, _ = await self.member("hoaban")
        for case in self.cases.values():
            assert await casework.acknowledge(self.set_up.store, Clock().now(), case, counsellor)

    async def _all_open(self) -> bool:
        """Whose case is whose, by the phone it was opened from."""
        store, world = self.set_up.store, self.set_up.world
        query = select(case_file.c.id, person.c.bidx, account.c.id.label("number"), account.c.name)
        query = query.join(person, person.c.id == case_file.c.person_id)
        async with store.data.connect() as conn:
            rows = (await conn.execute(query.join(account, account.c.id == case_file.c.account))).all()
        found = {(row.name, row.bidx): row for row in rows}
        numbers = {row.name: row.number for row in rows}
        for channel, slug in self.people:
            name = CHANNELS[channel]
            address = world.phone(cast(Channel, channel), slug).address
            row = found.get((name, store.keys.blind(str(numbers.get(name)), address)))
            if row is not None:
                self.cases[slug] = row.id
        return len(self.cases) == len(self.people)

    def speak(self, channel: str, slug: str) -> None:
        """Let somebody write to her case; sometimes she sends a photo, with her words where the channel has them."""
        n = self.said[slug] = self.said[slug] + 1
        words = f"Em kể tiếp {PIECE}-{slug}-{n:04d}i"
        self.outcome.said += 1
        if n % PHOTO_EVERY == 1:
            photo = base64.b64encode(photo_of(slug)).decode()
            self.act(channel, slug, "image", data=photo)
            self.outcome.photos_said += 1
        self.act(channel, slug, "say", text=words)

    async def answer(self, slug: str, counsellor: UUID) -> None:
        """Let the counsellor write to somebody; sometimes with a photo."""
        n = self.answered[slug] = self.answered[slug] + 1
        words, store = f"Chị nghe đây {PIECE}-{slug}-{n:04d}o", self.set_up.store
        chosen = None
        if n % PHOTO_EVERY == 2:
            taken = take(photo_of(slug))
            chosen = await casework.upload(store, Clock().now(), self.cases[slug], counsellor, taken)
            self.outcome.photos_answered += 1
        now = Clock().now()
        await casework.reply(store, now, self.cases[slug], counsellor, words, uuid4(), self.library, chosen)
        self.outcome.answered += 1

    async def talk(self, rounds: int) -> None:
        """Let everybody and the counsellor write in turn; half way one who could read is removed."""
        counsellor, _ = await self.member("hoaban")
        for n in range(rounds):
            if n == rounds // 2:
                await self.remove()
            people = self.rng.sample(self.people, len(self.people))
            for first in range(0, len(people), AT_ONCE):
                some = people[first : first + AT_ONCE]
                for channel, slug in some:
                    self.speak(channel, slug)
                await asyncio.gather(*(self.answer(slug, counsellor) for _, slug in some))
                await until(self._keeps_up, 120)

    async def _keeps_up(self) -> bool:
        """Whether what came in is not far behind."""
        return await self.count("SELECT count(*) FROM inbox WHERE state = 0") < 4 * AT_ONCE

    async def remove(self) -> None:
        """Shut one reader out, and wait until every case has followed; what comes later she must not read."""
        assert await shut_out(self.set_up.store, Clock().now(), "hoasen")
        await until(lambda: self._none(NOT_FOLLOWED), 120)
        self.border = await self.count("SELECT max(id) FROM case_line")

    async def count(self, query: str) -> int:
        """One number from the data."""
        async with self.set_up.store.data.connect() as conn:
            return int((await conn.execute(text(query))).scalar_one())

    async def _none(self, query: str) -> bool:
        return await self.count(query) == 0

    async def keep_alive(self, kills: int, messages: int) -> None:
        """Keep one service up, and kill it so often, in another place each time; then leave one up for good."""
        for n in range(kills):
            chosen = STAGES[n % len(STAGES)]
            most = max(2, messages // (2 * kills) // (4 if chosen == "claimed" else 1))
            server_process = await self.set_up.start(chosen, self.rng.randint(most // 2, most))
            self.kept.set()
            told = asyncio.create_task(self.told.wait())
            await asyncio.wait({told, asyncio.create_task(server_process.wait())}, return_when=asyncio.FIRST_COMPLETED)
            told.cancel()
            if server_process.returncode is None:
                server_process.kill()  # everything has been written: what is under way dies with it
                await server_process.wait()
            if server_process.returncode == -9:
                self.outcome.kills += 1
                self.outcome.per_stage[chosen] = self.outcome.per_stage.get(chosen, 0) + 1
        await self.set_up.start()
        self.kept.set()

    async def settle(self) -> None:
        """Wait until everything has arrived; Zalo repeats what was not acknowledged on the world's clock."""
        hers = text("SELECT count(*) FROM case_line WHERE direction = 'in'")
        owed = self.outcome.said + self.outcome.photos_said + len(self.people)

        async def all_here() -> bool:
            async with self.set_up.store.data.connect() as conn:
                return int((await conn.execute(hers)).scalar_one()) >= owed and await self._none(UNDER_WAY)

        for seconds in (31, 301, 901, 3601):
            await until(lambda: self._none(UNDER_WAY), 180)
            if await all_here():
                return
            await self.set_up.world.advance(seconds)
            await asyncio.sleep(2)
        await until(all_here, 180)


def photo_of(slug: str) -> bytes:
    """A photo whose labels hold a canary, and whose pixels say whose it is."""
    return pictures.jpeg(f"{PIECE}-{slug}".encode(), scan=MARK + slug.encode() + b"|")


async def storm(folder: Path, people: int, messages: int, kills: int, seed: int = 11) -> RelayResult:
    """Let people and counsellor write, half of the messages each, through kills; then look everywhere."""
    from tests.chaos.relay_judge import judge

    async with stage(folder) as set_up:
        run = RelayStorm(set_up, people, seed)
        alive = asyncio.create_task(run.keep_alive(kills, messages))
        await run.kept.wait()
        await run.open_cases()
        began = time.monotonic()
        await run.talk(messages // (2 * people))
        run.told.set()
        await alive
        await run.settle()
        run.outcome.seconds = round(time.monotonic() - began, 1)
        await judge(run)
        server_process = set_up.server_processes[-1]
        server_process.terminate()
        await server_process.wait()
        dumps(set_up, folder)
        needles = forms(PIECE) | forms(MARK.decode())
        out = run.outcome
        out.files_searched, out.files_with_canaries = await asyncio.to_thread(found_in, folder, needles)
        return out


def report(outcome: RelayResult) -> dict[str, Any]:
    """The outcome as plain data."""
    return asdict(outcome)


def broken(outcome: RelayResult) -> bool:
    """Whether a must was broken; a storm in which nothing could have been found has proved nothing."""
    marks = (outcome.wrong_recipient, outcome.wrong_case, outcome.missing, outcome.seen_twice_unexplained)
    photos = (outcome.photos_not_clean, outcome.photos_unreadable)
    sealed = (outcome.files_with_canaries, *photos, outcome.removed_reads_later)
    proved = outcome.removed_reads_earlier and outcome.recovery_reads and outcome.files_searched > 100
    return any(marks) or any(sealed) or bool(outcome.recovery_unread) or not proved
