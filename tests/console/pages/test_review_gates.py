"""Open gates in the console: before every eye that approves stand each gate and the whole text in both languages."""

from __future__ import annotations

import html
import re

from sqlalchemy import select, update

from content.library import Library
from store.areas import models as areas
from store.broadcasts.approvals import approve_card
from store.broadcasts.models import broadcast, card_approval
from store.broadcasts.proposals import ProposedCard, propose
from store.db.engine import Store
from store.groups import service as groups
from store.unit_of_work import SERVICE
from tests.support import content
from tests.support.console_room import Room

CARD = "leave.two-numbers"
NA_SANG = "vn-11-03172"
GATES = ("chưa rà an toàn", "cần kiểm tra dữ kiện", "chưa rà ngôn ngữ", "chưa có tiếng", "chưa ai gọi thử số này")


async def staffed(room: Room, *, approved: bool) -> Room:
    """A group in Na Sang; the card approved when asked, as in a trial."""
    await room.hire("canbo", "duyettin", "bientap")
    async with room.works("canbo") as work:
        await areas.sync_units(work.conn, content.library().areas)
        await groups.create_group(work, "Tổ Na Sang", NA_SANG)
        if approved:
            await approve_card(work.acting_as(SERVICE), content.library(), CARD, drafts=True)
    return room


def shows_all(page: str, library: Library) -> None:
    """The gates, and the card in Vietnamese and in English, whole."""
    said = html.unescape(page)
    for gate in GATES:
        assert gate in said, gate
    for lang in ("vi", "en"):
        assert library.say(CARD, lang).text in said, lang


async def test_outside_a_trial_a_draft_is_approved_by_nobody(room: Room, library: Library) -> None:
    """No button; who posts all the same is told every open gate, and nothing is approved."""
    await staffed(room, approved=False)
    async with room.signed_in("bientap") as browser:
        page = (await browser.get("/console/cards")).text
        shows_all(page, library)
        assert 'action="/console/cards"' not in page
        assert "Chỉ gửi thẻ khi không còn thiếu gì" in page
        answer = await browser.post("/console/cards", data={"card": CARD})
        assert answer.status_code == 409
        for gate in GATES:
            assert gate in answer.text, gate
        assert library.fact("name", "vn.consular", "vi") in html.unescape(answer.text)
    async with room.store.data.connect() as conn:
        assert (await conn.execute(select(card_approval.c.card))).all() == []


async def test_outside_a_trial_an_approved_draft_is_neither_proposed_nor_decided(room: Room, library: Library) -> None:
    """Approved before the gates were asked, or opened since: shown with its gates, offered to nobody."""
    await staffed(room, approved=True)
    async with room.signed_in("canbo") as browser:
        page = (await browser.get("/console/broadcasts")).text
        assert 'name="card"' not in page
        assert "Hiện chưa thẻ nào gửi được" in page
        assert GATES[-1] in page
        answer = await browser.post("/console/broadcasts", data={"card": CARD, "group": "1"})
        assert (answer.status_code, GATES[0] in answer.text) == (409, True)
    async with room.works("canbo") as work:
        await propose(work, library, ProposedCard(CARD, 1), drafts=True)
        digest = (await work.conn.execute(select(broadcast.c.digest))).scalar_one().hex()
    async with room.signed_in("duyettin") as browser:
        page = (await browser.get("/console/broadcasts/1")).text
        shows_all(page, library)
        assert 'value="yes"' not in page
        assert 'value="no"' in page
        answer = await browser.post("/console/broadcasts/1/decide", data={"digest": digest, "say": "yes"})
        assert (answer.status_code, GATES[0] in answer.text) == (409, True)
        async with room.store.data.begin() as conn:
            await conn.execute(update(broadcast).values(state="paused"))
        assert 'value="resume"' not in (await browser.get("/console/broadcasts/1")).text
        answer = await browser.post("/console/broadcasts/1/steer", data={"act": "resume"})
        assert (answer.status_code, GATES[0] in answer.text) == (409, True)
        assert (await browser.post("/console/broadcasts/1/steer", data={"act": "stop"})).status_code == 303


async def test_in_a_trial_every_gate_is_marked_where_somebody_says_yes(room: Room, library: Library) -> None:
    """On the page of cards, where it is proposed and where its second person decides; and it goes its way."""
    await staffed(room, approved=False)
    room.settings.demo = True
    async with room.signed_in("bientap") as browser:
        page = (await browser.get("/console/cards")).text
        shows_all(page, library)
        assert "bản dùng thử" in page
        assert (await browser.post("/console/cards", data={"card": CARD})).status_code == 303
    async with room.signed_in("canbo") as browser:
        page = (await browser.get("/console/broadcasts")).text
        shows_all(page, library)
        assert f'name="card" value="{CARD}"' in page
        assert (await browser.post("/console/broadcasts", data={"card": CARD, "group": "1"})).status_code == 303
    async with room.signed_in("duyettin") as browser:
        page = (await browser.get("/console/broadcasts/1")).text
        shows_all(page, library)
        [digest] = re.findall(r'name="digest" value="(\w+)"', page)
        answer = await browser.post("/console/broadcasts/1/decide", data={"digest": digest, "say": "yes"})
        assert answer.status_code == 303
        shows_all((await browser.get("/console/broadcasts/1")).text, library)


async def test_a_reviewed_card_has_no_mark_and_goes_its_way(store: Store) -> None:
    """Outside a trial: approved, proposed and decided, and no page says that anything is open."""
    library = content.reviewed().library
    room = await staffed(Room(store, library), approved=False)
    async with room.signed_in("bientap") as browser:
        page = (await browser.get("/console/cards")).text
        assert "Còn thiếu" not in page
        assert (await browser.post("/console/cards", data={"card": CARD})).status_code == 303
    async with room.signed_in("canbo") as browser:
        assert (await browser.post("/console/broadcasts", data={"card": CARD, "group": "1"})).status_code == 303
    async with room.signed_in("duyettin") as browser:
        page = (await browser.get("/console/broadcasts/1")).text
        assert "Còn thiếu" not in page
        [digest] = re.findall(r'name="digest" value="(\w+)"', page)
        answer = await browser.post("/console/broadcasts/1/decide", data={"digest": digest, "say": "yes"})
        assert answer.status_code == 303


async def test_a_broadcast_is_shown_as_every_channel_will_carry_it(room: Room, library: Library) -> None:
    """One preview a channel and language, under the name that the channel's file gives, in the order it gives."""
    await staffed(room, approved=True)
    async with room.works("canbo") as work:
        await propose(work, library, ProposedCard(CARD, 1), drafts=True)
    async with room.signed_in("duyettin") as browser:
        page = (await browser.get("/console/broadcasts/1")).text
    assert re.findall(r"<h3>(.+?)</h3>", page) == ["Zalo", "Zalo Bot", "Telegram", "Trong nhóm chat của tổ"] * 2
