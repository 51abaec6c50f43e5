"""What staff see and do, without JavaScript: sign in, queue, take, read, answer, close, records, language."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from store import audit
from store.casework import queue as case_queue
from store.messages import hold
from tests.support.console_room import WORDS, Room
from tests.support.staff import shut_out, work_of_test

CRY = "Cứu em với, em đang ở bến xe"


async def queue(room: Room) -> list[case_queue.QueueRow]:
    """The queue as the store has it."""
    async with room.store.data.connect() as conn:
        return await case_queue.queue(conn)


async def key_in(browser: httpx.AsyncClient, case: UUID) -> str:
    """The key of the answer form of a case page."""
    page = (await browser.get(f"/console/cases/{case}")).text
    found = re.search(r'name="request_key" value="([^"]+)"', page)
    assert found, page
    return found[1]


@pytest.mark.parametrize(
    ("login", "passphrase"), [("hoaban", "sai hoàn toàn mật khẩu"), ("khongco", WORDS), ("", ""), ("x" * 999, "y")]
)
async def test_wrong_sign_in_says_the_same_whatever_was_wrong(room: Room, login: str, passphrase: str) -> None:
    """The page does not tell a wrong passphrase from an unknown name, and sets no cookie."""
    await room.hire("hoaban")
    async with room.browser() as browser:
        answer = await browser.post("/console/login", data={"login": login, "passphrase": passphrase})
    assert answer.status_code == 401
    assert "Tên hoặc mật khẩu không đúng." in answer.text
    assert not answer.cookies


async def test_too_many_wrong_attempts_are_told_to_wait(room: Room) -> None:
    """The page says for how long, and the right passphrase does not help before."""
    await room.hire("hoaban")
    async with room.browser() as browser:
        for _ in range(3):
            await browser.post("/console/login", data={"login": "hoaban", "passphrase": "sai"})
        answer = await browser.post("/console/login", data={"login": "hoaban", "passphrase": WORDS})
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        room.real.advance(60)
        answer = await browser.post("/console/login", data={"login": "hoaban", "passphrase": WORDS})
        assert answer.headers["location"] == "/console/queue"


async def test_queue_holds_no_word_of_anybody(room: Room) -> None:
    """Level, alias, number, channel, place and waiting time are there; what was written is not."""
    await room.hire("hoaban")
    case = await room.person(4, [CRY], "abroad:KH")
    (row,) = await queue(room)
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get("/console/queue")).text
    for shown in (
        row.alias,
        row.number,
        "Zalo",
        "Campuchia",
        "Nguy hiểm ngay lúc này",
        f"/console/cases/{case}",
    ):
        assert shown in page
    assert "bến xe" not in page
    assert "Cứu" not in page


async def test_queue_puts_the_most_dangerous_and_the_longest_waiting_first(room: Room) -> None:
    """The board by level; the desk her own first, who waits above whom was answered, then by level and deadline."""
    await room.hire("hoaban", "hoasen")
    early = await room.person(3)
    room.clock.advance(60)
    late, worst, hers, mine = [await room.person(level) for level in (3, 4, 4, 3)]
    answered = await room.person(4)
    async with room.signed_in("hoasen") as other:
        await other.post(f"/console/cases/{hers}/take")
    async with room.signed_in("hoaban") as browser:
        for case in (mine, answered):
            await browser.post(f"/console/cases/{case}/take")
        await browser.post(f"/console/cases/{answered}/reply", data={"text": "Chị đây", "request_key": uuid4()})
        board = (await browser.get("/console/deadlines")).text
        order = list(dict.fromkeys(re.findall(r'<a href="/console/cases/([^"]+)"', board)))
        assert order[:4] == [str(case) for case in (worst, mine, early, late)]
        assert set(order[4:]) == {str(hers), str(answered)}
        desk = (await browser.get("/console/queue")).text
    rows = re.findall(r'<ol data-lane="([^"]+)">|<li id="case-([^"]+)"', desk)
    assert [lane or row for lane, row in rows] == [
        "mine", str(mine), str(answered), "level-4", str(worst), "level-3", str(early), str(late), "level-2",
        "drills", "colleagues", str(hers), "unanswered",
    ]  # fmt: skip
    assert desk.count('class="case waits"') == 1


async def test_case_past_its_deadline_says_so(room: Room) -> None:
    """Five minutes for level 4; the sixth is too late, in words without a script too, on desk and board."""
    await room.hire("hoaban")
    await room.person(4)
    async with room.signed_in("hoaban") as browser:
        assert "is-late" not in (await browser.get("/console/queue")).text
        room.clock.advance(6 * 60 + 5)
        desk, board = [(await browser.get(f"/console/{page}")).text for page in ("queue", "deadlines")]
    assert 'class="case is-late"' in desk
    assert re.search(r'<time class="due" [^>]*>trễ</time>', desk)
    assert re.search(r'<time class="due" [^>]*>trễ từ \d\d:\d\d</time>', board)


async def test_of_two_who_take_a_case_one_has_it_and_the_other_is_told(room: Room) -> None:
    """One owner; the second sees who came first and can read, not write."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as first, room.signed_in("hoasen") as second:
        assert (await first.post(f"/console/cases/{case}/take")).headers["location"] == f"/console/cases/{case}"
        told = await second.post(f"/console/cases/{case}/take")
        assert (told.status_code, "Hoa Ban vừa nhận trước" in told.text) == (409, True)
        page = (await second.get(f"/console/cases/{case}")).text
        assert "Hoa Ban đang giữ ca này" in page
        assert CRY in page
        assert '<textarea id="text"' not in page
        refused = await second.post(f"/console/cases/{case}/reply", data={"text": "Chị đây", "request_key": uuid4()})
        assert (refused.status_code, "không ở trong tay bạn" in refused.text) == (422, True)


async def test_answer_without_javascript_is_sent_once_and_shown(room: Room) -> None:
    """A form, a redirect, the line with its status; the same form again is the same answer."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        form = {"text": "Em ngồi gần quầy vé nhé", "request_key": await key_in(browser, case)}
        for _ in range(2):
            answer = await browser.post(f"/console/cases/{case}/reply", data=form)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/console/cases/{case}")
        page = (await browser.get(f"/console/cases/{case}")).text
    assert page.count("Em ngồi gần quầy vé nhé") == 1
    assert "Đang gửi" in page
    async with room.store.data.connect() as conn:
        # the line that announces a human by alias, and the answer itself
        assert (await conn.exec_driver_sql("SELECT count(*) FROM ledger")).scalar_one() == 2


async def test_answer_by_script_brings_the_lines_and_leaves_the_box_alone(room: Room) -> None:
    """The parts hold the conversation with the new line, and neither the box nor its key: somebody may be typing."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        key = await key_in(browser, case)
        form = {"text": "Chị đọc rồi", "request_key": key}
        answer = await browser.post(f"/console/cases/{case}/reply", data=form, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert key not in answer.text
    for hers in ('<textarea id="text"', 'name="request_key"', 'hx-target="#composer"', 'hx-target="#returned"'):
        assert hers not in answer.text
    assert "Chị đọc rồi" in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("text", ["", " \n ", "a" * 6001], ids=["empty", "blank", "too long"])
@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
async def test_refused_answer_comes_back_with_its_words(room: Room, text: str, htmx: bool) -> None:
    """Nothing is sent, the reason is on the page, and what was typed is not lost."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        form = {"text": text, "request_key": str(uuid4())}
        headers = {"hx-request": "true"} if htmx else {}
        answer = await browser.post(f"/console/cases/{case}/reply", data=form, headers=headers)
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
    assert text.strip() in answer.text
    async with room.store.data.connect() as conn:
        assert (await conn.exec_driver_sql("SELECT count(*) FROM ledger")).scalar_one() == 0


async def test_what_she_writes_is_text_and_never_page(room: Room) -> None:
    """Markup, quotes and template signs in a message are shown as they are typed."""
    await room.hire("hoaban")
    nasty = "<script>alert(1)</script> \"'{{ 7*7 }}{% raw %} & <hx-partial hx-target='#bell'>"
    case = await room.person(3, [nasty])
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get(f"/console/cases/{case}")).text
    assert "<script>alert" not in page
    assert "<hx-partial" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &#34;&#39;{{ 7*7 }}{% raw %} &amp;" in page


async def test_structured_answers_are_shown_in_words(room: Room) -> None:
    """Notes of the flow are codes; the page says them in the reader's language."""
    await room.hire("hoaban")
    case = await room.person(3)
    for note in ("where=abroad:KH", "contact=only_when_i_write", "left=stop"):
        await room.says(case, note, "note")
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get(f"/console/cases/{case}")).text
    for said in (
        "Đang ở đâu: Ở nước ngoài · Campuchia",
        "Cách nhắn lại: Chỉ sau khi người ấy viết",
        "Đã rời đi: Đã nhắn dừng",
    ):
        assert said in page


async def test_case_from_before_her_time_stays_shut_for_a_new_member(room: Room) -> None:
    """Who did not read cases when the case came cannot open it, and is told so without a word of it."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    await room.hire("hoasen")
    async with room.signed_in("hoasen") as browser:
        answer = await browser.get(f"/console/cases/{case}")
        missing = await browser.get(f"/console/cases/{uuid4()}")
    assert (answer.status_code, "bến xe" in answer.text) == (403, False)
    assert missing.status_code == 404


async def test_closing_needs_a_listed_reason_and_takes_the_case_off_the_queue(room: Room) -> None:
    """A reason nobody listed changes nothing; a listed one closes, is recorded as a code, and frees the queue."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        await browser.post(f"/console/cases/{case}/close", data={"reason": "vì em ấy nói là hết rồi"})
        assert len(await queue(room)) == 1
        answer = await browser.post(f"/console/cases/{case}/close", data={"reason": "safe", "waiting": "1"})
        assert answer.headers["location"] == f"/console/cases/{case}"
        again = await browser.post(f"/console/cases/{case}/close", data={"reason": "safe"})
        assert again.status_code == 409
    assert await queue(room) == []


async def test_every_reading_is_in_the_records(room: Room) -> None:
    """Opening a case page leaves one record; the auditor sees aliases and codes, never an id of a person or a word."""
    await room.hire("hoaban", "kiem")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.get(f"/console/cases/{case}")
    async with room.store.data.connect() as conn:
        read = [entry for entry in await audit.page(conn) if entry.action == "case.read"]
    assert [(entry.actor, entry.object) for entry in read] == [(str(room.ids["hoaban"]), str(case))]
    async with room.signed_in("kiem") as auditor:
        page = (await auditor.get("/console/audit")).text
    for shown in ("Hoa Ban", "Đọc ca", "còn nguyên vẹn"):
        assert shown in page
    assert str(case) not in page
    assert "bến xe" not in page


async def test_broken_chain_is_shown_to_the_auditor(room: Room) -> None:
    """A changed row is named at the top of the page."""
    await room.hire("kiem")
    async with room.store.data.begin() as conn:
        await conn.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        await conn.exec_driver_sql("UPDATE audit SET actor = 'x' WHERE seq = 1")
    async with room.signed_in("kiem") as auditor:
        assert "Chuỗi bị đứt ở dòng 1" in (await auditor.get("/console/audit")).text


async def test_records_go_back_page_by_page(room: Room) -> None:
    """Fifty acts a page; the link to older ones leads on from the last shown."""
    await room.hire("kiem")
    async with room.store.data.begin() as conn:
        for i in range(60):
            now, key = room.clock.now(), room.store.keys.audit
            await audit.record(conn, now, key, [audit.AuditEvent("bot", "case.opened", f"case:{i}", {})])
    async with room.signed_in("kiem") as auditor:
        first = (await auditor.get("/console/audit")).text
        link = re.search(r'rel="next" href="([^"]+)"', first)
        assert link
        second = (await auditor.get(link[1])).text
    numbers = [int(n) for page in (first, second) for n in re.findall(r"<tr><td>(\d+)</td>", page)]
    assert numbers == list(range(62, 0, -1))


async def test_titles_say_nothing_to_somebody_who_looks_over_her_shoulder(room: Room) -> None:
    """No page title names a case, a level or what this service is for."""
    await room.hire("hoaban")
    case = await room.person(4, [CRY])
    async with room.signed_in("hoaban") as browser:
        pages = [
            await browser.get(path)
            for path in ("/console/login", "/console/queue", f"/console/cases/{case}", "/console/audit")
        ]
    titles = {re.search("<title>(.*?)</title>", page.text)[1] for page in pages}  # type: ignore[index]
    assert titles == {
        "Đăng nhập · Nhịp Cầu",
        "Bàn trực · Nhịp Cầu",
        "Trao đổi · Nhịp Cầu",
        "Thông báo · Nhịp Cầu",
    }


@pytest.mark.parametrize(
    ("back", "lands"),
    [
        ("/console/queue", "/console/queue"),
        ("https://evil.test/console", "/console"),
        ("//evil.test/console", "/console"),
        ("/consoles", "/console"),
        ("/console\\@evil.test", "/console"),
    ],
)
async def test_language_is_hers_to_choose_and_leads_back_to_our_pages_only(room: Room, back: str, lands: str) -> None:
    """Vietnamese until she says otherwise; the way back never leaves the console."""
    async with room.browser() as browser:
        assert '<html lang="vi">' in (await browser.get("/console/login")).text
        answer = await browser.post("/console/language", data={"lang": "en", "back": back})
        assert answer.headers["location"] == lands
        assert "Passphrase" in (await browser.get("/console/login")).text
        await browser.post("/console/language", data={"lang": "xx", "back": back})
        assert "Passphrase" in (await browser.get("/console/login")).text


async def test_form_of_an_ended_session_says_that_nothing_was_sent(room: Room) -> None:
    """After fifteen idle minutes an answer is not silently dropped: the page says so with the sign-in."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        key = await key_in(browser, case)
        room.real.advance(timedelta(minutes=16).total_seconds())
        answer = await browser.post(f"/console/cases/{case}/reply", data={"text": "Chị đây", "request_key": key})
    assert (answer.status_code, "chưa được gửi" in answer.text) == (401, True)


async def test_reader_who_is_there_stays_signed_in(room: Room) -> None:
    """Typing and reading count as being there: the page says so, and the fifteen minutes begin again."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        for _ in range(3):
            room.real.advance(10 * 60)
            assert (await browser.post("/console/awake")).status_code == 204
        assert (await browser.get("/console/queue")).status_code == 200


async def test_disabled_member_is_out_at_her_next_click(room: Room) -> None:
    """Shutting somebody out does not wait for her session to end."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        assert await shut_out(room.store, room.clock.now(), "hoaban")
        assert (await browser.get("/console/queue")).status_code == 303


async def test_trial_is_marked_on_every_page(room: Room) -> None:
    """A demo never looks like the real thing."""
    async with room.browser() as browser:
        assert "Bản thử" not in (await browser.get("/console/login")).text
        room.settings.demo = True
        assert "Bản thử" in (await browser.get("/console/login")).text


async def test_every_page_says_that_the_service_is_on_hold(room: Room) -> None:
    """From the sign-in page to the case and the page that does not exist; and no longer after the release."""
    await room.hire("hoadao", "kiem")
    case = await room.person(3, [CRY])
    since = datetime(2026, 11, 25, 2, 5, tzinfo=UTC)
    async with work_of_test(room.store, since) as work:
        await hold.begin(work, hold.RESTORED)
    said = "Đang tạm giữ từ 25/11/2026 09:05:00: không gửi gì cả"
    pages = {"hoadao": ("/console", "/console/queue", f"/console/cases/{case}"), "kiem": ("/console/audit",)}
    for login, paths in pages.items():
        async with room.signed_in(login) as browser:
            for path in (*paths, "/console/nowhere"):
                assert said in (await browser.get(path, follow_redirects=True)).text, path
    async with room.browser() as browser:
        assert said in (await browser.get("/console/login", follow_redirects=True)).text
        async with work_of_test(room.store, since) as work:
            await hold.release(work)
        assert "Đang tạm giữ" not in (await browser.get("/console/login", follow_redirects=True)).text
