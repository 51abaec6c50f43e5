"""Open gates in the console: before every eye that approves stand each gate and the whole text in both languages."""

from __future__ import annotations

import html
import re

from sqlalchemy import select, update

from content.directory.refusals import refusal_labels
from content.library import PREVIEW, Library
from flows.rendering.village_news import as_listeners_see
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
PAGE = f"/console/card/{CARD}"
NA_SANG = "vn-11-03172"
GATES = ("chưa rà an toàn", "cần kiểm tra dữ kiện", "chưa rà ngôn ngữ", "chưa có tiếng", "chưa ai gọi thử số này")


def seen_on(page: str) -> str:
    """The mark of the words that stand on the page of a card."""
    [found] = re.findall(r'name="seen" value="(\w+)"', page)
    return str(found)


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
        page = (await browser.get(PAGE)).text
        shows_all(page, library)
        assert f'action="{PAGE}"' not in page
        assert "Chỉ gửi thẻ khi không còn thiếu gì" in page
        answer = await browser.post(PAGE)
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
        page = (await browser.get(PAGE)).text
        shows_all(page, library)
        assert "bản dùng thử" in page
        assert (await browser.post(PAGE, data={"seen": seen_on(page)})).status_code == 303
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
        page = (await browser.get(PAGE)).text
        assert "Còn thiếu" not in page
        unread = await browser.post(PAGE, data={"seen": "0" * 16})
        assert (unread.status_code, refusal_labels()["card_words_changed"]["vi"] in unread.text) == (409, True)
        assert (await browser.post(PAGE, data={"seen": seen_on(page)})).status_code == 303
        assert 'name="seen"' not in (await browser.get(PAGE)).text
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


async def test_a_card_is_shown_as_phones_show_it_before_it_is_approved(room: Room, library: Library) -> None:
    """The line of a locked screen, buttons where a channel has them and numbers where not, and where it is used."""
    await room.hire("bientap")
    asks = "page_trouble"
    async with room.signed_in("bientap") as browser:
        page = html.unescape((await browser.get(PAGE)).text)
        other = html.unescape((await browser.get(f"/console/card/{asks}")).text)
    for lang in ("vi", "en"):
        assert as_listeners_see(library, CARD, "……", lang).text[:PREVIEW] in page, lang
    for used in ("trên kệ", "chưa gửi cho tổ nào"):
        assert used in page, used
    label = library.say(asks).choices[0][0]
    assert f'<span class="key">{label}</span>' in other, "a channel with buttons"
    assert f"1. {label}" in other, "a channel without"
    assert "ở bước Pages:" in other
    assert 'name="seen"' not in other, "what is an answer is no card for a broadcast"


async def test_every_card_of_the_content_can_be_looked_at(room: Room, library: Library) -> None:
    """Also one that a talk fills in, and one that nobody would send."""
    await room.hire("bientap")
    async with room.signed_in("bientap") as browser:
        for card in library.cards:
            assert (await browser.get(f"/console/card/{card}")).status_code == 200, card


async def test_the_list_of_cards_is_short_and_says_titles_and_days_as_everywhere(room: Room, library: Library) -> None:
    """No text of a card is on it; a day has one form."""
    await room.hire("bientap")
    async with room.signed_in("bientap") as browser:
        page = html.unescape((await browser.get("/console/cards")).text)
    assert library.title(CARD) in page
    assert library.say(CARD).text not in page
    assert not re.search(r"\d{4}-\d\d-\d\d", page)
