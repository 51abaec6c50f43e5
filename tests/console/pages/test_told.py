"""Tips and questions in the console: a human is told, reads, passes on; no page knows who wrote or at what hour."""

from __future__ import annotations

import re

from store import audit
from store.casework import task_list
from tests.support.console_room import Room

COUNT = re.compile(r'<b class="count">(\d+)<span class="unseen"> chưa đọc')


async def done(room: Room) -> list[str]:
    """What was recorded, the first act first, and no task left open."""
    async with room.store.data.connect() as conn:
        assert await task_list.open_tasks(conn) == []
        acts = [entry.action for entry in await audit.page(conn)]
    return [act for act in reversed(acts) if act.startswith(("tip.", "question."))]


async def test_a_tip_is_counted_read_and_passed_on(room: Room) -> None:
    """The count stands on every page, the task leads to the tips; two words, each once; passed on is the last."""
    await room.hire("hoaban")
    await room.told()
    async with room.signed_in("hoaban") as browser:
        tasks_page = (await browser.get("/console/check-ins")).text
        assert COUNT.findall(tasks_page) == ["2", "2"], "in the rail, and at the foot of a phone"
        assert 'href="/console/tips"' in tasks_page
        assert "Đọc rồi chuyển" in tasks_page
        assert "/console/questions" not in tasks_page, "questions for a meeting are not hers to read"
        page = (await browser.get("/console/tips")).text
        assert page.index("Trên mạng") < page.index("Xã Lai Hòa, Thành phố Cần Thơ"), "the newest first"
        for number, say, status in ((1, "read", 303), (1, "read", 409), (1, "passed_on", 303), (1, "read", 409)):
            answer = await browser.post(f"/console/tips/{number}", data={"say": say})
            assert answer.status_code == status, say
        assert COUNT.findall((await browser.get("/console/tips")).text) == ["1", "1"]
        assert (await browser.post("/console/tips/2", data={"say": "lost"})).status_code == 422
        await browser.post("/console/tips/2", data={"say": "passed_on"})
        assert COUNT.findall((await browser.get("/console/tips")).text) == []
    await read_questions(room)
    assert await done(room) == ["tip.read", "tip.passed_on", "tip.passed_on", "question.passed", "question.refused"]


async def read_questions(room: Room) -> None:
    """Let one question through without its name and keep the other out."""
    await room.hire("duyettin", "canbo")
    async with room.signed_in("canbo") as browser:
        page = (await browser.get("/console/questions")).text
        assert "bao giờ sửa đường" not in page, "staff of a commune see only what was let through"
    async with room.signed_in("duyettin") as browser:
        page = (await browser.get("/console/questions")).text
        assert COUNT.findall(page) == ["2", "2"]
        assert "Anh Nam hỏi" in page
        wrong = await browser.post("/console/questions/1", data={"say": "pass", "text": " "})
        assert wrong.status_code == 422
        said = {"say": "pass", "text": "Bao giờ sửa đường?"}
        assert (await browser.post("/console/questions/1", data=said)).status_code == 303
        assert (await browser.post("/console/questions/2", data={"say": "keep"})).status_code == 303
        assert (await browser.post("/console/questions/2", data=said)).status_code == 409
    async with room.signed_in("canbo") as browser:
        page = (await browser.get("/console/questions")).text
        assert "Bao giờ sửa đường?" in page
        assert "Anh Nam" not in page
        assert "bí mật" not in page


async def test_no_page_tells_the_hour_of_a_tip(room: Room) -> None:
    """An hour would lead back to whoever wrote then: the pages know the day only."""
    await room.hire("hoadao")
    await room.told()
    async with room.signed_in("hoadao") as browser:
        for path in ("/console/tips", "/console/questions", "/console/check-ins"):
            page = (await browser.get(path)).text
            hours = set(re.findall(r"\b\d{1,2}:\d{2}\b", page))
            assert hours <= {"00:00"}, path
