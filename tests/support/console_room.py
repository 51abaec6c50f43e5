"""A console with real databases behind it: members who can sign in, people who wrote, a server when one is needed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
from msgspec import structs
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette

from bot.config.paging import Partner
from bot.server import Server, listening, server
from bot.trusted_proxies import trusted
from console.app import create
from console.web.console import LiveIntervals
from content.library import Library
from scheduler.clock import MovableClock
from store.areas import models as areas
from store.cases import service as cases
from store.db.engine import Store, driver_of, raw
from store.groups import models as groups_models
from store.messages.hot_path.inbound import load_people
from store.people import models as people
from store.staff import models as staff
from store.staff import roster
from store.staff.models import (
    ADMIN,
    AUDITOR,
    CASE_WORKER,
    COMMUNE_STAFF,
    CONTENT_REVIEWER,
    COUNSELLOR,
    PROV_ADMIN,
    SHIFT_LEAD,
    NewMember,
)
from store.submissions import models as submissions_models
from store.unit_of_work import BOT, UnitOfWork, member_actor, unit_of_work
from tests.support import casework
from tests.support.staff import work_of_test
from tests.support.stage import free_port

WORDS = "cầu tre lắc lẻo gập ghềnh"
MEMBERS = {
    "hoaban": ("Hoa Ban", COUNSELLOR),
    "hoasen": ("Hoa Sen", COUNSELLOR),
    "hoadao": ("Hoa Đào", SHIFT_LEAD),
    "kiem": ("Kiểm soát", AUDITOR),
    "quantri": ("Quản trị", ADMIN),
    "canbo": ("Cán bộ xã", COMMUNE_STAFF),
    "hoamai": ("Hoa Mai", CASE_WORKER),
    "duyettin": ("Duyệt tin", PROV_ADMIN),
    "bientap": ("Biên tập", CONTENT_REVIEWER),
}
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
ADDRESS = "8439210034411275306"
"""Everybody's address on Zalo: no page may ever hold it."""
OURS = {"sec-fetch-site": "same-origin", "user-agent": AGENT}


@dataclass
class PlainSettings:
    """The settings a test console needs."""

    public_url: str = "http://localhost:8080"
    secure_cookies: bool = False
    demo: bool = False
    office_name: str = ""
    office_phone: str = ""


class Room:
    """The console under test, and everybody around it."""

    def __init__(
        self,
        store: Store,
        library: Library,
        settings: PlainSettings | None = None,
        partners: Sequence[Partner] = (),
        proxies: Sequence[str] = (),
        real: MovableClock | None = None,
        **intervals: float,
    ) -> None:
        self.store = store
        self.library = library
        self.clock = MovableClock()
        self.real = real or MovableClock()
        self.settings = settings or PlainSettings()
        self.app: Starlette = create(
            store,
            self.clock,
            self.settings,
            library,
            real_clock=self.real,
            intervals=LiveIntervals(**intervals),
            partners=partners,
            proxies=[trusted(proxy) for proxy in proxies],
        )
        self.ids: dict[str, UUID] = {}
        self.server: Server | None = None

    def works(self, login: str) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work of a member who was hired."""
        return unit_of_work(self.store, self.clock.now(), member_actor(self.ids[login]))

    async def hire(self, *logins: str) -> None:
        """Add members of the table above."""
        await asyncio.gather(*(self._hire(login) for login in logins))

    async def _hire(self, login: str) -> None:
        alias, role = MEMBERS[login]
        async with work_of_test(self.store, self.clock.now()) as work:
            self.ids[login] = await staff.create_staff(work, NewMember(login, alias, [role]), WORDS)

    async def person(self, level: int = 3, words: Sequence[str] = (), place: str = "vn", commune: str = "") -> UUID:
        """Let somebody new cry for help, who hears from a group of `commune`; returns her case."""
        now = self.clock.now()
        index = uuid4().bytes
        async with raw(self.store.data) as conn, raw(self.store.keyring) as ring:
            account = await people.register_account(conn, "zalo", "zalo_oa")
            await people.add(conn, ring, self.store.ring, [(account, index, ADDRESS)], now)
            person = (await load_people(conn, [index]))[index].id
            key = await self.store.ring.key_of(ring, person)
        async with unit_of_work(self.store, now, BOT) as work:
            if commune:
                await self._hears_from(work.conn, person, commune)
            seen = "UPDATE session SET last_in_at = $2 WHERE person_id = $1"
            await driver_of(work.conn).execute(seen, person, now)
            cry = cases.Cry(person_id=person, key=key, account=account, level=level, reason="Cry:test", place=place)
            case_id = await self._cries(work, cry)
        for said in words:
            await self.says(case_id, said)
        return case_id

    async def _cries(self, work: UnitOfWork, cry: cases.Cry) -> UUID:
        readers = await roster.new_case_readers(work.conn, work.now)
        case_id: UUID = (await cases.open_case(work, structs.replace(cry, readers=readers))).id
        return case_id

    async def returns(self, case_id: UUID) -> UUID:
        """Let the person of a closed case cry again; returns her new case."""
        async with unit_of_work(self.store, self.clock.now(), BOT) as work:
            case = await cases.load_case(work.conn, case_id)
            key = await cases.person_key(self.store, case)
            return await self._cries(
                work,
                cases.Cry(
                    person_id=case.person_id, key=key, account=case.account, level=3, reason="Cry:test", place="vn"
                ),
            )

    async def _hears_from(self, conn: AsyncConnection, person: UUID, commune: str) -> None:
        """Let somebody hear from a group of a commune."""
        area = {"code": commune, "name": "Xã thử", "level": "commune", "parent": None}
        await conn.execute(insert(areas.area).values(area).on_conflict_do_nothing())
        group = insert(groups_models.village_group).values(title="Nhóm thử", area=commune, created_at=self.clock.now())
        group_id = (await conn.execute(group.returning(groups_models.village_group.c.id))).scalar_one()
        await driver_of(conn).execute(
            "INSERT INTO subscription(person_id, group_id, lang, since) VALUES ($1, $2, 'vi', $3)",
            person, group_id, self.clock.now(),
        )  # fmt: skip

    async def says(self, case_id: UUID, words: str, direction: str = "in") -> int:
        """Let the person of a case write."""
        return await casework.add_line(self.store, self.clock.now(), case_id, words, direction)

    async def told(self) -> None:
        """Let two tips and two questions for a meeting come in."""
        async with unit_of_work(self.store, self.clock.now(), BOT) as work:
            await submissions_models.keep_tip(work, kind="lure", seen="today", area="31810")
            await submissions_models.keep_tip(work, kind="online", seen="skip", area="")
            for asked in ("Anh Nam hỏi: bao giờ sửa đường?", "Số của tôi là bí mật"):
                await submissions_models.keep_question(work, "road", asked)

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A client that behaves like a browser on our own pages."""
        transport = httpx.ASGITransport(app=self.app, client=("192.0.2.7", 1))
        return httpx.AsyncClient(transport=transport, base_url=self.settings.public_url, headers=OURS | headers)

    @contextlib.asynccontextmanager
    async def signed_in(self, login: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which a member has signed in."""
        async with self.browser() as browser:
            answer = await browser.post("/console/login", data={"login": login, "passphrase": WORDS})
            assert answer.status_code == 303, answer.text
            yield browser

    @contextlib.asynccontextmanager
    async def served(self, port: int = 0) -> AsyncIterator[str]:
        """Serve the console on a free port or on this one; the address is for real browsers and streams."""
        port = port or free_port()
        self.server = server(self.app, "127.0.0.1", port)
        await self.app.state.live.start()
        async with listening(self.server):
            try:
                await self.app.state.live.listening.wait()
                yield f"http://localhost:{port}"
            finally:
                await self.app.state.live.stop()
