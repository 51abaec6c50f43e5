"""While the database is away the numbers come from memory: at once, once, and never after a word of leaving."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from simulator.core.faults import read_fault
from tests.chaos.database import socket_of, through
from tests.chaos.proxy import ProxyConnection, wire
from tests.support.stage import until
from tests.support.system import System, built

NUMBERS = "+84 981 84 84 84"
CHANNELS = ("telegram", "zalo_oa")


class ProxiedSystem:
    """A service whose database can be taken away and given back."""

    system: System
    cut_after = ""
    """The stage of a message after which the database is gone."""

    def __init__(self, laid: list[ProxyConnection]) -> None:
        self._wires = laid

    def reached(self, stage: str) -> None:
        """Hear how far a message has come."""
        if stage == self.cut_after:
            self.cut()

    def cut(self) -> None:
        """Take the database away."""
        for laid in self._wires:
            laid.cut()

    def mend(self) -> None:
        """Give it back."""
        for laid in self._wires:
            laid.mend()

    async def texts(self, channel: str, user: str) -> list[str]:
        """What her phone shows of ours."""
        return [message["text"] for message in await self.system.inbox(channel, user)]

    async def numbers(self, channel: str, user: str) -> None:
        """Wait until her phone shows the numbers, five seconds at most."""

        async def shown() -> bool:
            return any(NUMBERS in text for text in await self.texts(channel, user))

        await until(shown, 5)

    async def one_case(self) -> None:
        """Wait until the database, which may still be coming back, holds one case."""

        async def on_hold() -> bool:
            try:
                return len(await self.system.cases()) == 1
            except Exception:
                return False

        await until(on_hold, 10)

    async def spooled(self, count: int) -> None:
        """Wait until so many events lie in the spool."""
        await until(lambda: self.system.application.intake.counted["spooled"] >= count, 5)


@pytest.fixture
async def severed(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[ProxiedSystem]:
    """A service behind a wire."""
    async with wire(socket_of(databases[0])) as laid:
        uris = (through(databases[0], laid.port), through(databases[1], laid.port))
        severed = ProxiedSystem([laid])
        async with built(uris, tmp_path, probe=severed.reached) as severed.system:
            yield severed
            laid.mend()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_cry_gets_the_numbers_without_a_database_and_a_case_with_it(
    severed: ProxiedSystem, channel: str
) -> None:
    """Numbers that also work abroad within five seconds; when the database is back the same cry opens one case."""
    severed.cut()
    await severed.system.do(channel, "lan", "say", text="cuu em voi")
    await severed.numbers(channel, "lan")
    severed.mend()
    await severed.one_case()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("stage", ["stored", "stepped", "committed"])
async def test_a_cry_that_was_taken_in_is_answered_though_the_database_dies_on_it(
    severed: ProxiedSystem, channel: str, stage: str
) -> None:
    """Acknowledged and safe on the disk, its answer too at the last stage, but nobody can read it: from memory."""
    severed.cut_after = stage
    await severed.system.do(channel, "lan", "say", text="cuu em voi")
    await severed.numbers(channel, "lan")
    assert severed.system.application.intake.counted["kept"] >= 1
    severed.cut_after = ""
    severed.mend()
    await severed.one_case()


async def test_what_was_answered_is_not_answered_again_when_the_database_dies_after_it(severed: ProxiedSystem) -> None:
    """She has her menu; an outage a moment later is nothing that she hears of."""
    await severed.system.talk("telegram", "lan", "menu")
    before = await severed.texts("telegram", "lan")
    severed.cut()
    await severed.system.do("telegram", "mai", "say", text="cuu em voi")
    await until(lambda: severed.system.application.fallback.counted["answered"] == 1, 5)
    severed.system.runtime.clock.advance(2)
    assert severed.system.application.fallback.watchlist.stranded() == []
    assert await severed.texts("telegram", "lan") == before


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("word", ["dừng", "stop", "xx", "thoát nhanh"])
async def test_leaving_is_answered_with_nothing_and_so_is_whoever_asks_after_it(
    severed: ProxiedSystem, channel: str, word: str
) -> None:
    """Words that leave, and another's curious words after them, bring nothing to the screen; a cry still does."""
    severed.cut()
    await severed.system.do(channel, "lan", "say", text=word)
    await severed.system.do(channel, "lan", "say", text="ai đấy")
    await severed.spooled(2)
    await severed.system.do(channel, "mai", "say", text="cuu em voi")
    await until(lambda: severed.system.application.fallback.counted["answered"] == 1, 5)
    assert await severed.texts(channel, "lan") == []
    await severed.system.do(channel, "lan", "say", text="cuu em voi")
    await until(lambda: severed.system.application.fallback.counted["answered"] == 2, 5)


async def test_who_left_in_a_hurry_before_the_outage_is_remembered(severed: ProxiedSystem) -> None:
    """The silence she asked for while there was a database holds when there is none."""
    await severed.system.talk("zalo_oa", "lan", "thoát nhanh")
    before = await severed.texts("zalo_oa", "lan")
    severed.cut()
    await severed.system.do("zalo_oa", "lan", "say", text="ai đấy")
    await severed.spooled(1)
    assert severed.system.application.fallback.counted["answered"] == 0
    assert await severed.texts("zalo_oa", "lan") == before


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("sign", ["88", "dung"])
async def test_a_quiet_sign_is_asked_about_quietly(severed: ProxiedSystem, channel: str, sign: str) -> None:
    """No number of any service is shown: the neutral question with typed answers, which the spool brings in order."""
    severed.cut()
    await severed.system.do(channel, "lan", "say", text=sign)

    async def asked() -> bool:
        return bool(await severed.texts(channel, "lan"))

    await until(asked, 5)
    [text] = await severed.texts(channel, "lan")
    assert NUMBERS not in text
    assert severed.system.runtime.library.is_neutral(text)
    assert "\n1. " in text
    assert not (await severed.system.inbox(channel, "lan"))[0].get("choices")


async def test_one_person_is_answered_once_in_a_while(severed: ProxiedSystem) -> None:
    """Ten messages in an outage bring one card."""
    severed.cut()
    for n in range(10):
        await severed.system.do("telegram", "lan", "say", text=f"em ơi {n}")
    await severed.spooled(10)
    assert len(await severed.texts("telegram", "lan")) == 1


async def test_a_crowd_is_never_answered(severed: ProxiedSystem) -> None:
    """A message in a group, also a damaged one, brings nothing there."""
    severed.cut()
    secret = {"x-telegram-bot-api-secret-token": "a-secret-of-the-tests"}
    chat = {"id": -100200, "type": "supergroup", "title": "x"}
    for number, more in enumerate(({"date": 1, "text": "cuu em voi"}, {"date": "never"})):
        update = {"update_id": number, "message": {"message_id": number, "chat": chat, **more}}
        async with severed.system.http.post(
            f"{severed.system.base}/hooks/telegram", json=update, headers=secret
        ) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
    assert severed.system.application.fallback.counted["answered"] == 0


async def test_a_flood_in_an_outage_is_acknowledged_as_fast_as_ever(severed: ProxiedSystem) -> None:
    """Four hundred strangers at once: every one acknowledged within two seconds, answered or counted as shed."""
    severed.cut()
    secret = {"x-telegram-bot-api-secret-token": "a-secret-of-the-tests"}

    async def post(number: int) -> float:
        body: dict[str, Any] = {
            "update_id": number,
            "message": {
                "message_id": 1, "date": 1, "text": "em ơi",
                "chat": {"id": number, "type": "private"}, "from": {"id": number, "is_bot": False, "first_name": "x"},
            },
        }  # fmt: skip
        began = asyncio.get_running_loop().time()
        async with severed.system.http.post(
            f"{severed.system.base}/hooks/telegram", data=json.dumps(body), headers=secret
        ) as answer:
            assert answer.status == 200
        return asyncio.get_running_loop().time() - began

    took = await asyncio.gather(*(post(number) for number in range(1, 401)))
    assert max(took) < 2
    standby = severed.system.application.fallback.counted
    assert standby["answered"] + standby["shed"] == 400


async def test_what_was_written_long_ago_is_not_answered_from_memory(severed: ProxiedSystem) -> None:
    """Brought twenty minutes late while the database is away: kept, opened as a case later, and her screen is dark."""
    late = {"channel": "zalo_oa", "kind": "late_webhook", "later": 1200, "method": "user_send_text"}
    severed.system.world.faults.replace([read_fault(late)])
    await severed.system.do("zalo_oa", "mai", "say", text="cuu em voi")
    severed.cut()
    await severed.system.advance(1201)
    await severed.spooled(1)
    await severed.system.do("zalo_oa", "lan", "say", text="cuu em voi")
    await severed.numbers("zalo_oa", "lan")
    assert await severed.texts("zalo_oa", "mai") == []
    severed.mend()

    async def two_cases() -> bool:
        return await severed.system.count("SELECT count(*) FROM case_file") == 2

    await until(two_cases, 10)
    assert await severed.texts("zalo_oa", "mai") == []
