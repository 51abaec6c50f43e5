"""Hands that attach: a person's files into a case, a counsellor's into an answer."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID, uuid4

import msgspec

from content.media.attachment import SanitizedFile
from content.media.sanitize import take
from store.attachments import service as attachments
from store.attachments.service import SentAlong
from store.cases import service as cases
from store.cases.bot_answers import DIRECTION
from store.cases.keys import CaseOwner
from store.cases.lines import NewLine, add_line
from store.casework.reading import CaseView
from store.messages.models import Cause
from store.unit_of_work import BOT, unit_of_work
from tests.support import casework
from tests.support.console_room import Room
from tests.support.stage import until
from tests.support.system import System

WHERE = "https://talk.zdn.vn/a-picture"
"""Where a channel says that a picture lies."""


async def sends(system: System, channel: str, user: str, act: str, data: bytes, **more: str) -> None:
    """Let somebody send a file, and have it fetched."""
    came = await system.count("SELECT count(*) FROM case_attachment")
    await system.do(channel, user, act, data=base64.b64encode(data).decode(), **more)

    async def arrived() -> bool:
        return await system.count("SELECT count(*) FROM case_attachment") > came

    await until(arrived, 10)
    await system.application.ticks.now("attachments")


async def taken_case(system: System, channel: str, user: str, login: str = "hoaban") -> UUID:
    """Let somebody cry and a counsellor take her case."""
    before = {case.id for case in await system.cases()}
    await system.talk(channel, user, "cứu em với")
    [case] = [case.id for case in await system.cases() if case.id not in before]
    staff_id, _ = await system.counsellor(login)
    assert await casework.acknowledge(system.store, system.runtime.clock.now(), case, staff_id)
    return case


async def read(system: System, case: UUID, login: str = "hoaban") -> CaseView:
    """A case as a member reads it, without what the bot said in it."""
    staff_id, private = await system.counsellor(login)
    view = await casework.read(system.store, system.runtime.clock.now(), case, staff_id, private)
    return msgspec.structs.replace(view, lines=tuple(line for line in view.lines if line.direction != DIRECTION))


async def opened(system: System, case: UUID, attachment: UUID, login: str = "hoaban") -> SanitizedFile | None:
    """An attachment as a member opens it. Raises what opening raises."""
    staff_id, private = await system.counsellor(login)
    return await casework.open_attachment(system.store, system.runtime.clock.now(), case, staff_id, private, attachment)


async def answers(system: System, case: UUID, words: str, data: bytes, login: str = "hoaban") -> None:
    """Let a counsellor answer with a file."""
    staff_id, _ = await system.counsellor(login)
    now, library = system.runtime.clock.now(), system.runtime.library
    chosen = await casework.upload(system.store, now, case, staff_id, take(data))
    await casework.reply(system.store, now, case, staff_id, words, uuid4(), library, chosen)
    await system.quiet()


async def shown(system: System, channel: str, user: str, kind: str) -> dict[str, Any]:
    """The newest message with a file of a kind on a phone."""

    async def there() -> list[dict[str, Any]]:
        messages = await system.inbox(channel, user)
        return [message for message in messages if (message["media"] or {}).get("kind") == kind]

    await until(there, 10)
    return (await there())[-1]


async def bytes_of(system: System, message: dict[str, Any]) -> tuple[int, bytes]:
    """What a phone gets when it opens the file of a message."""
    where = message["media"].get("file") or message["media"]["url"]
    async with system.http.get(where if where.startswith("http") else system.base + where) as answer:
        return answer.status, await answer.read()


async def arrives(room: Room, case_id: UUID, words: str = "") -> int:
    """Let a line of hers with a photo come into a case without a service; returns the line."""
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        case = await cases.load_case(work.conn, case_id)
        line = await add_line(work, case_id, NewLine("in", words, Cause.INBOX, uuid4().hex))
        assert line is not None
        owner = CaseOwner(case_id, case.person_id, await cases.person_key(room.store, case))
        await attachments.receive(work, owner, SentAlong(line, case.account, "photo", WHERE))
    return line


async def attach(room: Room, case_id: UUID, data: bytes | None, words: str = "") -> UUID:
    """Let a photo come into a case without a service; with None it is not fetched yet. Returns the attachment."""
    line = await arrives(room, case_id, words)
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        [row] = [row for row in await attachments.to_fetch(work.conn, work.now, 100) if row.line_id == line]
        key = await cases.person_key(room.store, await cases.load_case(work.conn, case_id))
        assert attachments.open_reference(key, row) == WHERE
        if data is not None:
            await attachments.keep(work, row, take(data))
    made: UUID = row.id
    return made
