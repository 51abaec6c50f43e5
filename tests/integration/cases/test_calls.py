"""Calls to staff: by her own chat, by e-mail, by a signed request; never a word of the case, none after it is taken."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP

from bot.config.paging import MailSettings
from bot.paging.base import Notice, NotPaged
from bot.paging.email import EmailTransport
from bot.paging.webhook import SIGNATURE, TIMESTAMP, sign
from store.staff import contacts
from store.unit_of_work import member_actor, unit_of_work
from tests.support import casework
from tests.support.stage import free_port, until
from tests.support.system import System, built

SECRET = "a secret of the gateway, long enough"
CRY = "cứu em với, chồng em đang đánh em"
ADDRESSES = {"mail": "hoaban@example.org", "hook": "+84000000001"}


class OutsideServices:
    """A mail server and a gateway on loopback; `refusing` makes the gateway say no."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.refusing = False
        self.mail_port, self.hook_port = free_port(), free_port()

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        """Refuse whoever is called nobody."""
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a mail."""
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    async def post(self, request: web.Request) -> web.Response:
        """Keep a request."""
        if self.refusing:
            return web.Response(status=503)
        self.posts.append((dict(request.headers), await request.read()))
        return web.Response()

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[OutsideServices]:
        """Listen on both ports."""
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", self.mail_port)
        app = web.Application()
        app.router.add_post("/call", self.post)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.hook_port).start()
        try:
            yield self
        finally:
            smtp.close()
            await runner.cleanup()

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of a service that calls by both."""
        mail = {"host": "127.0.0.1", "port": self.mail_port, "security": "none", "sender": "truc@example.org"}
        return {"mail": mail, "hook": {"url": f"http://127.0.0.1:{self.hook_port}/call", "secret": SECRET}}


@pytest.fixture
async def outside() -> AsyncIterator[OutsideServices]:
    """The world of calls."""
    async with OutsideServices().serving() as serving:
        yield serving


@pytest.fixture
async def calling(databases: tuple[str, str], tmp_path: Path, outside: OutsideServices) -> AsyncIterator[System]:
    """A service that calls by every way."""
    async with built(databases, tmp_path, **outside.settings) as made:
        yield made


async def reachable(system: System) -> UUID:
    """Let the counsellor on call bind her phone and give her addresses."""
    staff_id, _ = await system.counsellor()
    async with unit_of_work(system.store, system.runtime.clock.now(), member_actor(staff_id)) as work:
        code = await contacts.invite(work)
        for way, address in ADDRESSES.items():
            await contacts.give(work, way, address)
    asked = await system.talk("telegram", "truc", code)
    assert "không nói việc gì" in asked[-1]["text"]
    await system.talk("telegram", "truc", "1")
    return staff_id


async def on_the_phone(system: System) -> list[str]:
    """The calls that the counsellor's phone shows."""
    return [m["text"] for m in await system.inbox("telegram", "truc") if m["text"].startswith("Có việc")]


async def test_a_cry_pages_whoever_is_on_call_by_every_transport_and_tells_a_code_only(
    calling: System, outside: OutsideServices
) -> None:
    """Within moments: chat, e-mail, signed request. Each tells that something waits, its code, and nothing else."""
    staff_id = await reachable(calling)
    await calling.talk("zalo_oa", "lan", CRY)
    [case] = await until(calling.cases, 5)
    await until(lambda: outside.mails and outside.posts, 10)
    await until(lambda: on_the_phone(calling), 10)
    said = f"Có việc đang chờ, mã {case.number}."
    assert await on_the_phone(calling) == [said]
    [(to, mail)] = outside.mails
    assert (to, mail["Subject"], mail.get_content().strip()) == ([ADDRESSES["mail"]], "Có việc đang chờ", said)
    [(headers, body)] = outside.posts
    assert headers[SIGNATURE] == sign(SECRET.encode(), headers[TIMESTAMP], body)
    told = json.loads(body)
    assert told == {"id": told["id"], "to": ADDRESSES["hook"], "text": said, "drill": False}
    assert await casework.acknowledge(calling.store, calling.runtime.clock.now(), case.id, staff_id)
    await calling.advance(1_000)
    await calling.quiet()
    assert (len(await on_the_phone(calling)), len(outside.mails), len(outside.posts)) == (1, 1, 1)


async def test_a_dead_transport_delays_no_other_is_tried_again_and_told_in_the_metrics(
    calling: System, outside: OutsideServices
) -> None:
    """The gateway is down: mail and chat arrive; its call is tried again, an alarm says so, and it arrives later."""
    await reachable(calling)
    outside.refusing = True
    await calling.talk("zalo_oa", "lan", CRY)
    await until(lambda: outside.mails, 10)
    await until(lambda: on_the_phone(calling), 10)
    pager = calling.application.pager
    for _ in range(3):
        calling.runtime.clock.advance(31)
        await pager.once("hook")
    await until(lambda: pager.counted["hook", "deferred"] >= 3, 10)
    await pager.look()
    assert pager.dead == {"hook"}
    assert any("pages by hook do not arrive" in alarm for alarm in calling.runtime.alarms)
    assert not any(SECRET in alarm or ADDRESSES["hook"] in alarm for alarm in calling.runtime.alarms)
    outside.refusing = False
    calling.runtime.clock.advance(31)
    await until(lambda: outside.posts, 10)
    await until(lambda: pager.counted["hook", "sent"], 10)
    await pager.look()
    assert pager.dead == set()


async def test_a_mailbox_that_is_not_there_is_not_tried_again(outside: OutsideServices) -> None:
    """550 is for good; a server that is not there is not."""
    mail = EmailTransport(MailSettings(**outside.settings["mail"]))
    with pytest.raises(NotPaged, match="smtp_550") as gone:
        await mail.call(Notice(1, "nobody@example.org", "s", "t", False))
    assert gone.value.for_good
    deaf = EmailTransport(MailSettings(host="127.0.0.1", port=free_port(), security="none", sender="truc@example.org"))
    with pytest.raises(NotPaged) as down:
        await deaf.call(Notice(1, "hoaban@example.org", "s", "t", False))
    assert not down.value.for_good
