"""The console around one case: what the channel can do, drafts, cut answers, notes, stages, needs, next steps."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from console.pages.cases.channel_facts import ChannelFact, facts, weight_of
from console.web.i18n import Localization
from content.library import Library
from store import audit
from store.casework.reachability import Reachability
from store.db.engine import raw
from tests.support import casework
from tests.support.console_room import Room
from tests.support.statements import StatementCounter

CRY = "Cứu em với, em đang ở bến xe"
LONG = "Chị nghe em đây nhé. " * 120


async def taken(room: Room, browser: httpx.AsyncClient, *words: str) -> str:
    """The page of a case that is in her hands."""
    page = f"/console/cases/{await room.person(3, list(words or (CRY,)))}"
    await browser.post(f"{page}/take")
    return page


async def set_person(room: Room, query: str, *values: object) -> None:
    """Change what is known of everybody who wrote."""
    async with raw(room.store.data) as conn:
        await conn.execute(query, *values)


async def count(room: Room, query: str) -> int:
    """One number from the data."""
    async with room.store.data.connect() as conn:
        return int((await conn.exec_driver_sql(query)).scalar_one())


async def test_a_case_page_is_one_question(room: Room) -> None:
    """What stands in the head of every page is one transaction, the case with its record in the audit another."""
    await room.hire("hoaban")
    counter = StatementCounter(room.store)
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        counter.clear()
        assert (await browser.get(page)).status_code == 200
    assert counter.transactions <= 2
    assert len(counter.asked) <= 20, counter.asked


@pytest.mark.parametrize("htmx", [False, True])
async def test_an_answer_takes_few_statements(room: Room, htmx: bool) -> None:
    """Until the sender has it: the head, the answer, and the case as it stands then."""
    await room.hire("hoaban")
    counter = StatementCounter(room.store)
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        counter.clear()
        answer = {"text": "Chị đây", "request_key": str(uuid4())}
        sent = await browser.post(f"{page}/reply", data=answer, headers={"hx-request": "true"} if htmx else {})
        assert sent.status_code == (200 if htmx else 303)
    assert counter.transactions <= 4
    assert len(counter.asked) <= 31, counter.asked


NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
FACTS = [
    ("zalo_oa", {}, timedelta(hours=165), "Kênh còn cho nhắn 3 giờ nữa, nếu người nhắn không viết thêm.", True),
    ("zalo_oa", {}, timedelta(minutes=1), "Kênh còn cho nhắn 6 ngày", False),
    ("zalo_oa", {}, timedelta(hours=169), "Kênh không còn cho nhắn", True),
    ("zalo_oa", {}, timedelta(hours=169), "Hãy dùng cách liên lạc thứ hai", True),
    ("zalo_oa", {"contact": "only_when_i_write"}, timedelta(hours=169), "không hẹn cách nào khác", True),
    ("zalo_oa", {"reachable": False}, timedelta(), "đã chặn hoặc rời cuộc trò chuyện", True),
    ("telegram", {"forced": True}, timedelta(), "Đừng viết gì để lộ cuộc trò chuyện này", True),
    ("zalo_oa", {"stopped": True}, timedelta(), "đã nhắn dừng", True),
    ("zalo_oa", {}, timedelta(), "không thu hồi được tin", False),
    ("zalo_oa", {}, timedelta(), "2.000 ký tự", False),
    ("zalo_bot", {}, timedelta(hours=999), "không thu hồi được tin", False),
    ("telegram", {}, timedelta(), "xóa được tin của mình trong 48 giờ", False),
    ("telegram", {"contact": "only_when_i_write"}, timedelta(), "chỉ khi người ấy nhắn trước", False),
]


@pytest.mark.parametrize(("channel", "about", "silent", "said", "warns"), FACTS)
def test_what_the_channel_can_do_comes_from_its_limits(
    library: Library, channel: str, about: dict[str, object], silent: timedelta, said: str, warns: bool
) -> None:
    """Windows, length, recall and whether anything gets there: from the data of the channel and of her."""
    reach = Reachability(channel, NOW - silent, **about)  # type: ignore[arg-type]
    l10n = Localization("vi")

    def told(fact: ChannelFact) -> str:
        return l10n.gettext(fact.label) % {name: l10n.value(value, NOW) for name, value in fact.values.items()}

    [fact] = [fact for fact in facts(reach, library.limits[channel], NOW) if said in told(fact)]
    assert fact.warns is warns


WEIGHTS = [
    ({}, timedelta(), ""),
    ({}, timedelta(minutes=16), "warn"),
    ({"quiet_until": NOW + timedelta(hours=1)}, timedelta(), "warn"),
    ({"reachable": False}, timedelta(), "bad"),
    ({"stopped": True}, timedelta(), "bad"),
    ({"forced": True}, timedelta(), "bad"),
    ({}, timedelta(hours=169), "bad"),
]


@pytest.mark.parametrize(("about", "silent", "weight"), WEIGHTS)
def test_one_chip_carries_the_weight_of_the_heaviest_fact(
    library: Library, about: dict[str, object], silent: timedelta, weight: str
) -> None:
    """Red when nothing may leave or somebody holds the phone, amber when it is kept, plain when it leaves."""
    reach = Reachability("zalo_oa", NOW - silent, **about)  # type: ignore[arg-type]
    assert weight_of(facts(reach, library.limits["zalo_oa"], NOW)) == weight


async def test_what_the_channel_can_do_stands_beside_the_composer(room: Room) -> None:
    """Without a script: on the page of a case that is hers to answer."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get(await taken(room, browser))).text
    assert "Kênh còn cho nhắn" in page
    assert "Kênh này không thu hồi được tin" in page


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
async def test_answer_that_must_be_cut_is_shown_before_it_leaves(room: Room, htmx: bool) -> None:
    """The first sending shows the messages and sends nothing; the second, of the same words, sends them."""
    await room.hire("hoaban")
    headers = {"hx-request": "true"} if htmx else {}
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        form = {"text": LONG, "request_key": str(uuid4())}
        shown = await browser.post(f"{page}/reply", data=form, headers=headers)
        assert shown.status_code == 200
        assert "gồm 3 tin" in shown.text, "who writes, and the two parts"
        assert await count(room, "SELECT count(*) FROM ledger") == 0
        [seen] = re.findall(r'name="seen" value="([^"]+)"', shown.text)
        changed = await browser.post(f"{page}/reply", data={**form, "text": f"{LONG} Nhé", "seen": seen})
        assert "Chưa gửi gì cả." in changed.text, "other words must be looked at anew"
        await browser.post(f"{page}/reply", data={**form, "seen": seen}, headers=headers)
    assert await count(room, "SELECT count(*) FROM ledger") == 3


async def test_looking_first_sends_nothing_and_shows_who_writes(room: Room) -> None:
    """The button beside sending shows the messages as they will arrive."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        shown = await browser.post(f"{page}/reply", data={"text": "Chị đây", "look": "1"})
    assert "Chào bạn, mình là Hoa Ban, người của Hội, không phải máy." in shown.text
    assert await count(room, "SELECT count(*) FROM ledger") == 0


async def test_draft_leaves_out_what_has_been_sent_meanwhile(room: Room) -> None:
    """Answers on their way and what is in the box are one draft, in order; what arrived is not offered again."""
    await room.hire("hoaban")
    sent, behind, typed = uuid4(), uuid4(), uuid4()
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        everything = {"text": ["Một", "Hai", "Ba"], "request_key": [str(sent), str(behind), str(typed)]}
        await browser.post(f"{page}/draft", data=everything)
        assert ">Một\nHai\nBa</textarea>" in (await browser.get(page)).text
        await browser.post(f"{page}/reply", data={"text": "Một", "request_key": str(sent)})
        await browser.post(f"{page}/draft", data=everything)
        assert ">Hai\nBa</textarea>" in (await browser.get(page)).text
        await browser.post(f"{page}/draft", data={"text": ["Một", ""], "request_key": [str(sent), str(typed)]})
        assert ">Hai\nBa</textarea>" in (await browser.get(page)).text, "a draft that comes late changes nothing"
        await browser.post(f"{page}/draft", data={"text": "", "request_key": str(typed)})
        assert "></textarea>" in (await browser.get(page)).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE person SET reachable = false", "đã chặn hoặc rời"),
        ("UPDATE session SET stopped = true", "đã nhắn dừng"),
    ],
    ids=["blocked", "withdrew"],
)
async def test_nothing_is_sent_to_who_cannot_be_reached_and_nothing_is_lost(room: Room, change: str, said: str) -> None:
    """The reason and the second way are said, the words are in the box, and still there on another visit."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        await set_person(room, change)
        told = await browser.post(f"{page}/reply", data={"text": "Chị nhắn em nhé", "request_key": str(uuid4())})
        assert told.status_code == 422
        assert f"Chưa gửi gì: người ấy {said}" in told.text
        assert "cách liên lạc thứ hai" in told.text
        assert ">Chị nhắn em nhé</textarea>" in told.text
        assert ">Chị nhắn em nhé</textarea>" in (await browser.get(page)).text
    assert await count(room, "SELECT count(*) FROM ledger") == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE person SET reachable = false", "đã chặn hoặc rời cuộc trò chuyện"),
        ("UPDATE session SET stopped = true", "đã nhắn dừng"),
    ],
    ids=["blocked", "stopped"],
)
async def test_console_says_one_thing_of_somebody_who_left(room: Room, change: str, said: str) -> None:
    """Not "she is writing with us" beside "she blocked us", nor that an answer is kept for her to write."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        await set_person(room, change)
        shown = (await browser.get(page)).text
    assert f'<p class="reach">Người ấy {said}' in shown, "beside the case"
    assert f'<p class="notice bad">Người ấy {said}' in shown, "above the button that sends"
    assert "Người ấy đang nhắn với mình" not in shown
    assert "Im lặng từ 15 phút" not in shown


async def test_draft_outlives_tab_and_sign_in_and_opens_for_her_alone(room: Room) -> None:
    """Kept sealed at the server; gone when the answer is sent; no colleague sees it; no word of it in the data."""
    await room.hire("hoaban", "hoasen")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        kept = await browser.post(f"{page}/draft", data={"text": "gần cầu tre em nhé"})
        assert kept.status_code == 204
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        assert ">gần cầu tre em nhé</textarea>" in (await browser.get(page)).text
        assert "cầu tre em" not in (await colleague.get(page)).text
        async with room.store.data.connect() as conn:
            [sealed] = (await conn.exec_driver_sql("SELECT wrapped FROM case_draft")).scalars()
        assert "cầu tre".encode() not in bytes(sealed)
        form = {"text": "gần cầu tre em nhé", "request_key": str(uuid4())}
        await browser.post(f"{page}/reply", data=form)
        late = await browser.post(f"{page}/draft", data=form)
        assert late.status_code == 204, "a draft that overtakes nothing: its answer has been sent"
    assert await count(room, "SELECT count(*) FROM case_draft") == 0


async def test_lines_at_hand_are_reviewed_content(room: Room, library: Library) -> None:
    """Picked from a list, put into the box by a button; each is a card, safe on a lock screen, still marked a draft."""
    await room.hire("hoaban")
    cards = library.shelf("relay_lines")
    assert len(cards) >= 10
    assert all(library.may_go_unasked(card) and library.card(card).needs_review for card in cards)
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get(await taken(room, browser))).text
    numbers = page.count("data-fill=", page.index('class="dictated"'))
    assert page.count("data-fill=") - numbers == len(cards)
    assert library.say(cards[0]).text in page


async def test_private_note_is_read_by_colleagues_and_never_sent(room: Room) -> None:
    """It stands among the lines for whoever reads the case; the ledger holds nothing, the audit only that it was."""
    await room.hire("hoaban", "hoasen", "kiem")
    note = {"note": "Nhờ ca sau hỏi về giấy tờ", "request_key": str(uuid4())}
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        page = await taken(room, browser)
        for _ in range(2):
            assert (await browser.post(f"{page}/note", data=note)).headers["location"] == page
        shown = (await colleague.get(page)).text
        assert shown.count("Nhờ ca sau hỏi về giấy tờ") == 1
        assert "Ghi chú của Hoa Ban, không gửi đi" in shown
        refused = await colleague.post(f"{page}/note", data={"note": "Ghi thêm", "request_key": str(uuid4())})
        assert (refused.status_code, "Ghi thêm" in refused.text) == (409, True)
        await browser.post(f"{page}/reply", data={"text": "Chị đây", "request_key": str(uuid4())})
    assert await count(room, "SELECT count(*) FROM ledger") == 2, "who writes, and the answer; a note is no answer"


async def test_stage_moves_one_on_or_back_and_a_stale_page_moves_nothing(room: Room) -> None:
    """Only whoever has the case, one stage at a time, against what the page showed; every move is recorded."""
    await room.hire("hoaban", "hoasen")
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        page = await taken(room, browser)

        async def move(who: httpx.AsyncClient, seen: str, to: str) -> int:
            return (await who.post(f"{page}/stage", data={"from": seen, "stage": to})).status_code

        assert await move(browser, "receive", "verify") == 303
        assert await move(browser, "verify", "identify") == 303
        for who, seen, to, status in (
            (browser, "verify", "identify", 409),
            (browser, "identify", "reintegrate", 422),
            (browser, "identify", "closed", 422),
            (colleague, "identify", "protect", 409),
        ):
            assert await move(who, seen, to) == status
        assert await move(browser, "identify", "receive") == 303
        assert '<option value="receive" selected>' in (await browser.get(page)).text
    async with room.store.data.connect() as conn:
        moves = [dict(one.meta) for one in await audit.page(conn) if one.action == "case.moved"]
    assert [(m["from"], m["stage"]) for m in reversed(moves)] == [
        ("receive", "verify"),
        ("verify", "identify"),
        ("identify", "receive"),
    ]


async def test_needs_and_next_step_are_codes_and_the_step_is_on_the_board(room: Room) -> None:
    """Ticked from the list; a strange word changes nothing; a step whose day has gone by is marked."""
    await room.hire("hoaban")
    today = (room.clock.now() + timedelta(hours=7)).date()
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        assert (await browser.post(f"{page}/needs", data={"need": ["papers", "safe_place"]})).status_code == 303
        assert (await browser.post(f"{page}/needs", data={"need": ["her name"]})).status_code == 422
        assert "Nơi an toàn, Giấy tờ" in (await browser.get(page)).text
        bad = await browser.post(f"{page}/next", data={"step": "papers", "day": "2020-01-01"})
        assert bad.status_code == 422
        day = today + timedelta(days=2)
        await browser.post(f"{page}/next", data={"step": "talk_to_service", "day": day.isoformat()})
        board = (await browser.get("/console/deadlines")).text
        assert f"Nói với nơi hỗ trợ, khi người ấy đồng ý: {day.day}/{day.month}/{day.year}" in board
        assert "đã hẹn ngày" not in board
        room.clock.advance(4 * 86400)
        assert "đã hẹn ngày" in (await browser.get("/console/deadlines")).text


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("came=sticker", "Gửi mà không có chữ: nhãn dán"),
        ("came=contact", "số của ai đó; không được giữ lại"),
        ("reacted=heart", "Thả cảm xúc vào một tin: trái tim"),
        ("call=missed", "không ai nghe được"),
        (
            "came=sticker\nNgay lúc này có yên ổn không?",
            "“Ngay lúc này có yên ổn không?” → Gửi mà không có chữ: nhãn dán",
        ),
        ("edited=text", "Sửa một tin đã gửi: lời mới ở ngay dưới"),
    ],
)
async def test_what_she_did_without_words_stands_among_her_lines(room: Room, note: str, said: str) -> None:
    """A sticker, a reaction, a call may be all that she could say."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = await taken(room, browser)
        case = UUID(page.rpartition("/")[2])
        await casework.add_line(room.store, room.clock.now(), case, note, "note")
        shown = (await browser.get(page)).text
    lines = re.findall(r'<div class="line in".*?</div>', shown, re.DOTALL)
    assert said in lines[-1]
