"""What people write is nowhere to be found: not in dumps, files, logs or temporary folders of our processes."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, select

from content.media.sanitize import take
from scheduler.clock import Clock
from store.attachments.service import case_attachment
from store.backup.backup import back_up
from store.backup.postgres_tools import tools_for
from store.cases.models import case_file
from store.casework import queue
from store.crypto import age
from store.staff.models import staff
from tests.support import casework, content
from tests.support.canaries import dumps, forms, found_in
from tests.support.files import pictures
from tests.support.stage import Stage, free_port, stage, until

HERS = "Bí mật chim hoàng yến của chị ấy, số 0912345678"
CRY = "cứu em với, chim hoàng yến thứ hai"
OURS = "Chị nghe em, chim hoàng yến thứ ba."
PIECES = ("chim hoàng yến", "Bí mật chim", "0912345678")
IN_LABELS, IN_PIXELS = "chim-hoang-yen-21.0285N", "chim-hoang-yen-trong-anh"
"""What the labels of every photo say, and what is in its picture."""
PHOTO = pictures.jpeg(IN_LABELS.encode(), scan=IN_PIXELS.encode())


async def conversation(set_up: Stage) -> None:
    """Write on both channels, cry, send a photo, and be answered with one."""
    for channel in ("telegram", "zalo_oa"):
        await set_up.say(channel, "lan", "xin chào")
        await set_up.say(channel, "lan", HERS)
        await set_up.say(channel, "lan", CRY)
        photo = {"data": base64.b64encode(PHOTO).decode(), "name": IN_LABELS}
        async with set_up.http.post(f"{set_up.sim}/__sim/{channel}/lan/image", json=photo) as answer:
            answer.raise_for_status()

    async def waiting() -> list[queue.QueueRow]:
        async with set_up.store.data.connect() as conn:
            rows = await queue.queue(conn)
        return rows if len(rows) == 2 else []

    library = content.library()
    async with set_up.store.data.connect() as conn:
        member = (await conn.execute(select(staff.c.id).where(staff.c.login == "hoaban"))).scalar_one()
    for row in await until(waiting, 20):
        now = Clock().now()
        await casework.acknowledge(set_up.store, now, row.id, member)
        chosen = await casework.upload(set_up.store, now, row.id, member, take(PHOTO))
        await casework.reply(set_up.store, now, row.id, member, OURS, uuid4(), library, chosen)
    for channel in ("telegram", "zalo_oa"):

        async def answered(channel: str = channel) -> bool:
            shown = await set_up.inbox(channel, "lan")
            return any(OURS in message["text"] for message in shown) and any(message["media"] for message in shown)

        await until(answered, 20)

    async def kept() -> bool:
        async with set_up.store.data.connect() as conn:
            held = select(func.count()).where(case_attachment.c.sealed.is_not(None))
            return int((await conn.execute(held)).scalar_one()) == 4

    await until(kept, 20)


def unpack(dump: Path) -> None:
    """Write a compressed dump as SQL beside it."""
    with dump.with_suffix(".sql").open("wb") as out:
        subprocess.run([tools_for(18) / "pg_restore", "-f", "-", dump], stdout=out, check=True)


async def backup(set_up: Stage, folder: Path) -> None:
    """Back up as an operator would, and unpack what the recovery key opens."""
    made = await back_up(set_up.store, Clock().now(), folder / "backups")
    recovery = (folder / "keys" / "recovery.private").read_bytes()
    for name in made.manifest.files:
        opened = folder / f"{name}.dump"
        with (made.folder / name).open("rb") as sealed, opened.open("wb") as plain:
            age.decrypt(recovery, sealed, plain)
        unpack(opened)


def logged(folder: Path) -> bytes:
    """What the service wrote to its log."""
    return (folder / "server.log").read_bytes()


async def told(set_up: Stage, vitals: str) -> bytes:
    """Everything the service tells of itself: health, readiness and figures, on both sides."""
    bodies = b""
    public = set_up.settings["public_url"]
    inside = [f"{vitals}/{name}" for name in ("livez", "readyz", "metrics")]
    for url in (*inside, f"{public}/livez", f"{public}/readyz"):
        async with set_up.http.get(url) as answer:
            bodies += repr(dict(answer.headers)).encode() + await answer.read()
    assert b"nhipcau_handoff_open 2.0" in bodies, "the figures say nothing that could betray anybody"
    return bodies


async def names(set_up: Stage) -> list[str]:
    """What a case and its person are called inside: alias and ids, in the forms they are written in."""
    query = select(case_file.c.id, case_file.c.person_id, case_file.c.alias)
    async with set_up.store.data.connect() as conn:
        rows = (await conn.execute(query)).all()
    assert len(rows) == 2
    ids = [one for row in rows for one in (row.id, row.person_id)]
    return [*(row.alias for row in rows), *map(str, ids), *(one.hex for one in ids)]


async def test_no_text_account_token_or_number_is_found_anywhere(server_folder: Path) -> None:
    """After whole conversations at DEBUG, dumps, a backup, folders, logs, health and figures hold no canary.

    Figures and logs do not even name an alias, a case or a person's id.
    """
    async with stage(server_folder) as set_up:
        vitals = f"http://127.0.0.1:{free_port()}"
        set_up.settings["vitals_port"] = int(vitals.rpartition(":")[2])
        server_process = await set_up.start(log="debug")
        await conversation(set_up)
        bodies = await told(set_up, vitals)
        (server_folder / "vitals.txt").write_bytes(bodies)
        named = await names(set_up)
        assert [name for name in named if name in bodies.decode()] == []
        assert [name for name in named if name in logged(server_folder).decode()] == []
        server_process.terminate()
        await server_process.wait()
        dumps(set_up, server_folder)
        await backup(set_up, server_folder)
        phones = [phone.address for phone in set_up.world.phones]
        telegram, zalo, bot = set_up.settings["accounts"]
        secrets = [telegram["token"].partition(":")[2], telegram["secret"], zalo["access_token"], zalo["refresh_token"]]
        secrets += [bot["token"].partition(":")[2], bot["secret"]]
        needles = {dress for piece in (*PIECES, IN_LABELS, IN_PIXELS) for dress in forms(piece)}
        needles |= {needle.encode() for needle in [*phones, *secrets]}
        searched, holds = found_in(server_folder, needles)
        assert (searched > 100, holds) == (True, [])
        assert logged(server_folder), "the process logged nothing that could be searched"
