"""Files made to stop whoever takes them apart stop nobody's photo: through the whole house."""

from __future__ import annotations

import base64

from content.attachments.reading import take
from tests import hostile_files, pictures
from tests.attaching import opened, read, taken_case
from tests.bridging import Bridge
from tests.chaos.stage import until


async def wait_for_files(bridge: Bridge, count: int) -> None:
    """Wait until so many files stand in the rows."""

    async def arrived() -> bool:
        return await bridge.count("SELECT count(*) FROM case_attachment") == count

    await until(arrived, 20)


async def send(bridge: Bridge, user: str, data: bytes, act: str = "file") -> None:
    """Send a file from a phone on Telegram."""
    await bridge.do("telegram", user, act, data=base64.b64encode(data).decode(), name="a.m4a")


async def test_eight_bad_files_stop_nobodys_photo(bridge: Bridge) -> None:
    """As many as a round takes, in front of it: each is looked at once and called broken, the photo is kept."""
    await taken_case(bridge, "telegram", "an")
    hers = await taken_case(bridge, "telegram", "lan")
    for bad in (*[hostile_files.NO_BODY] * 4, *[hostile_files.SMALL["moov in moov, 3,000 deep"]()] * 4):
        await send(bridge, "an", bad)
    await wait_for_files(bridge, 8)
    await send(bridge, "lan", pictures.jpeg(), "image")
    await wait_for_files(bridge, 9)
    await bridge.house.ticks.now("attachments")
    line = (await read(bridge, hers)).lines[-1]
    assert line.attached is not None
    assert await opened(bridge, hers, line.attached.id) == take(pictures.jpeg())
    ended = "SELECT count(*) FROM case_attachment WHERE state = 2 AND reason = 'broken' AND tries = 1"
    assert await bridge.count(ended) == 8
