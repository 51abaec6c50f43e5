"""The embedded database is killed under a running service, and nobody is there to start it again but the service."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from tests.chaos.database import NUMBERS
from tests.support.stage import stage, until


async def test_a_service_starts_its_killed_database_again_and_answers_meanwhile(server_folder: Path) -> None:
    """Numbers within five seconds, a proper answer within ten, without a human."""
    async with stage(server_folder) as set_up:
        set_up.settings["database_url"] = set_up.settings["keyring_url"] = None
        await set_up.start()
        await set_up.say("zalo_oa", "mai", "xin chào")
        await until(lambda: set_up.inbox("zalo_oa", "mai"), 10)
        pid = int((server_folder / "data" / "postgres" / "postmaster.pid").read_text("ascii").split()[0])
        os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()
        await set_up.say("telegram", "lan", "cuu em voi")

        async def numbers() -> bool:
            return any(NUMBERS in message["text"] for message in await set_up.inbox("telegram", "lan"))

        async def proper() -> bool:
            shown = await set_up.inbox("telegram", "lan")
            return any(NUMBERS not in message["text"] for message in shown)

        await until(numbers, 5)
        await until(proper, 20)
        assert time.monotonic() - killed < 10
