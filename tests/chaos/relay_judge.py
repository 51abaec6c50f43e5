"""Judge a storm of the relay: phones, cases, keys, and everything that lies on a disk."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from scheduler.clock import Clock
from store.attachments import service as attachments
from store.attachments.service import case_attachment
from store.cases import keys as case_keys
from store.cases.lines import open_line
from store.cases.models import case_line
from store.messages.models import Cause, Status, ledger
from tests.chaos.relay import MARK, PIECE, RelayStorm
from tests.support import casework
from tests.support.stage import until

_NAMED = re.compile(rf"{PIECE}-(\w+)-(\d{{4}})([io])")
_MARKED = re.compile(re.escape(MARK) + rb"(\w+)\|")


async def judge(run: RelayStorm) -> None:
    """Fill in what was found."""
    await _phones(run)
    await _photos_on_phones(run)
    await _cases(run)


async def _phones(run: RelayStorm) -> None:
    """Every answer is on its own phone and on no other; twice only where it was sent again after an unknown end."""
    seen: Counter[tuple[str, str]] = Counter()
    for entry in run.set_up.world.log.select(0, kind="delivered"):
        for slug, n, way in _NAMED.findall(entry["text"]):
            if slug != entry["user"] or way != "o":
                run.outcome.wrong_recipient += 1
                run.outcome.wrong.append(f"words {n}{way} of {slug} on the phone of {entry['user']}")
            seen[slug, n] += 1
    again = await _sent_again(run)
    for slug, many in run.answered.items():
        times = [seen[slug, f"{n:04d}"] for n in range(1, many + 1)]
        twice = sum(times) - sum(1 for time in times if time)
        run.outcome.missing += times.count(0)
        run.outcome.seen_twice += twice
        run.outcome.seen_twice_unexplained += max(0, twice - again[run.cases[slug]])


async def _sent_again(run: RelayStorm) -> Counter[UUID]:
    """How often something of each case was sent again."""
    tries = func.sum(func.greatest(ledger.c.tries - 1, 0)) + func.count().filter(ledger.c.status == Status.UNKNOWN)
    query = select(case_line.c.case_id, tries).join(ledger, ledger.c.cause == case_line.c.id)
    query = query.where(ledger.c.cause_kind == Cause.CASE).group_by(case_line.c.case_id)
    async with run.set_up.store.data.connect() as conn:
        return Counter({case: int(times) for case, times in (await conn.execute(query)).all()})


async def _photos_on_phones(run: RelayStorm) -> None:
    """Every photo of ours is on its own phone, clean."""
    arrived, began = 0, time.monotonic()
    for phone in run.set_up.world.phones:
        for message in phone.messages:
            if message.sender != "bot" or message.media is None:
                continue
            data = await _bytes_of(run, message.media)
            marks = _MARKED.findall(data)
            run.outcome.photos_unreadable += len(marks) != 1
            for mark in marks:
                if mark != phone.slug.encode():
                    run.outcome.wrong_recipient += 1
                    run.outcome.wrong.append(f"a photo of {mark.decode()} on the phone of {phone.slug}")
            run.outcome.photos_not_clean += PIECE.encode() in data
            arrived += 1
    run.outcome.photos_seconds = round(time.monotonic() - began, 1)
    run.outcome.missing += max(0, run.outcome.photos_answered - arrived)


async def _bytes_of(run: RelayStorm, media: Any) -> bytes:
    if media.file:
        file = run.set_up.world.files.get(media.file)
        return file.data if file is not None else b""
    found: list[bytes] = []
    run.outcome.photos_by_address += 1

    async def fetched() -> bool:
        """The room of pictures looks at fifty requests a second; whoever asks faster is told to wait."""
        async with run.set_up.http.get(media.url) as answer:
            if answer.status == 429:
                run.outcome.photos_asked_again += 1
                return False
            found.append(await answer.read())
            return True

    await until(fetched, 30)
    return found[0]


async def _cases(run: RelayStorm) -> None:
    """Open every case with the recovery key, and with the key of who was removed."""
    private = (run.set_up.folder / "keys" / "recovery.private").read_bytes()
    gone, hers = await run.member("hoasen")
    for slug, case_id in run.cases.items():
        lines: Counter[tuple[str, str]] = Counter()
        async for row, said in _opened(run, case_id, case_keys.RECOVERY, private):
            run.outcome.recovery_unread += said is None
            run.outcome.recovery_reads += said is not None
            named = _NAMED.findall(said or "")
            run.outcome.wrong_case += any(whose != slug for whose, _, _ in named)
            lines.update((n, way) for _, n, way in named)
            del row
        for way, many in (("i", run.said[slug]), ("o", run.answered[slug])):
            run.outcome.missing += sum(lines[f"{n:04d}", way] != 1 for n in range(1, many + 1))
        async for row, said in _opened(run, case_id, gone, hers):
            if said is not None and row.id > run.border:
                run.outcome.removed_reads_later += 1
            run.outcome.removed_reads_earlier += said is not None and row.id <= run.border
        await _attached(run, case_id, slug, private, (gone, hers))


async def _opened(
    run: RelayStorm, case_id: UUID, reader: UUID, private: bytes
) -> AsyncIterator[tuple[Any, str | None]]:
    """The lines of a case as one key opens them; None for those it does not open."""
    keys = await _keys(run, case_id, reader, private)
    async with run.set_up.store.data.connect() as conn:
        query = select(case_line).where(case_line.c.case_id == case_id).order_by(case_line.c.id)
        rows = (await conn.execute(query)).all()
    for row in rows:
        yield row, open_line(keys[row.epoch], row) if row.epoch in keys else None
    await asyncio.sleep(0)


async def _keys(run: RelayStorm, case_id: UUID, reader: UUID, private: bytes) -> Mapping[int, bytes]:
    return await casework.open_keys(run.set_up.store, Clock().now(), case_id, reader, private)


async def _attached(run: RelayStorm, case_id: UUID, slug: str, private: bytes, removed: tuple[UUID, bytes]) -> None:
    """What is attached opens with the recovery key, is clean and hers; who was removed opens none of the later ones."""
    keys = await _keys(run, case_id, case_keys.RECOVERY, private)
    theirs = await _keys(run, case_id, *removed)
    async with run.set_up.store.data.connect() as conn:
        query = select(case_attachment).where(case_attachment.c.case_id == case_id)
        rows = (await conn.execute(query)).all()
    for row in rows:
        if row.sealed is None:
            run.outcome.missing += 1
            continue
        data = attachments.open_file(keys[row.epoch], row).data
        run.outcome.wrong_case += _MARKED.findall(data) != [slug.encode()]
        run.outcome.photos_not_clean += PIECE.encode() in data
        run.outcome.removed_reads_later += row.line_id > run.border and row.epoch in theirs
