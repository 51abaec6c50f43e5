"""The first shift: every answer is told why, only the right one leads on, and nothing of what was typed is kept."""

from __future__ import annotations

import pytest

from content.directory.first_shift import first_shift
from store import audit
from tests.console.conftest import Room

STEPS = first_shift().steps
CHOSEN = [
    (number, answer, one.right)
    for number, step in enumerate(STEPS, 1)
    for answer, one in enumerate(step.answers)
]  # fmt: skip
WRITTEN = [number for number, step in enumerate(STEPS, 1) if step.writes]


@pytest.mark.parametrize(("number", "answer", "right"), CHOSEN)
async def test_every_choice_is_told_why_and_only_the_right_one_leads_on(
    room: Room, number: int, answer: int, right: bool
) -> None:
    """What is told of the choice stands on the page; the way on is there for the right one alone."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = (await browser.post(f"/console/first-shift/{number}", data={"answer": str(answer)})).text
    assert STEPS[number - 1].answers[answer].told["vi"] in page
    leads_on = f"/console/first-shift/{number + 1}" in page or "Xong ca tập</button>" in page
    assert leads_on == right


@pytest.mark.parametrize("number", WRITTEN)
@pytest.mark.parametrize(
    ("typed", "feedback"),
    [
        ("", "empty"),
        ("Công an đây, bạn đang bị đánh phải không? 1 có, 2 không", "open"),
        ("Chào bạn, bạn có khỏe không?", "asking"),
        ("Chào bạn, bây giờ nhắn tin có tiện không? 1 là tiện, 2 là để sau", "good"),
    ],
)
async def test_a_typed_line_is_looked_at_as_a_lock_screen_shows_it(
    room: Room, number: int, typed: str, feedback: str
) -> None:
    """Harmless in its opening, and answered by one digit; what was typed stays in the field until it is."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = (await browser.post(f"/console/first-shift/{number}", data={"text": typed})).text
    assert getattr(STEPS[number - 1], feedback)["vi"] in page
    assert (f"/console/first-shift/{number + 1}" in page) == (feedback == "good")
    assert typed in page


async def test_whoever_has_finished_is_named_no_more_to_the_shift_lead(room: Room) -> None:
    """Until then the roster names her; the audit has one act, however often she goes through it."""
    await room.hire("hoaban", "hoadao")
    async with room.signed_in("hoadao") as lead, room.signed_in("hoaban") as browser:
        assert "Chưa làm ca tập: Hoa Ban, Hoa Đào" in (await lead.get("/console/roster")).text
        for _ in range(2):
            assert (await browser.post("/console/first-shift")).status_code == 303
        assert "Chưa làm ca tập: Hoa Đào" in (await lead.get("/console/roster")).text
        assert "Chưa làm ca tập" not in (await browser.get("/console/roster")).text
        assert "Bạn đã làm xong ngày" in (await browser.get("/console/first-shift")).text
    async with room.store.data.connect() as conn:
        acts = await audit.page(conn, object=str(room.ids["hoaban"]))
    assert [act.action for act in acts].count("first_shift.finished") == 1


@pytest.mark.parametrize("path", ["/console/first-shift/0", f"/console/first-shift/{len(STEPS) + 1}"])
async def test_there_is_no_other_step(room: Room, path: str) -> None:
    """An address that was typed by hand is answered like every page that does not exist."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        assert (await browser.get(path)).status_code == 404
        assert (await browser.post(path, data={"answer": "0"})).status_code == 404
