"""Asking for help in a real browser, on each channel: by taps, by one line, from abroad, for others, as a child."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.support.browser.console_page import answer, counsellor_page, newest, photograph, reads, take, waiting
from tests.support.browser.handset import Handset, greets, take_up, words
from tests.support.system import System

TO_A_CASE = (
    ("human", "help_entry"),
    ("message", "danger_now"),
    ("no", "help_contact"),
    ("here", "help_where"),
)
"""Four answers and the question after each: with the fourth one the case waits."""
IN_VIET_NAM = ("vn", "help_who")
DANGER_ABROAD = (("human", "help_entry"), ("message", "danger_now"), ("yes", "help_where"), ("abroad", "help_country"))
CRIES = {"zalo_oa": "cuu em voi", "telegram": "chị ơi cứu em, họ nhốt em", "zalo_bot": "họ đánh em, giúp em với"}
ANSWER, MORE = "Chị đây, em nói chị nghe.", "em o nha mot minh"
NUMBER = re.compile(r"\b1[189]\d{2}\b|\b11[0-9]\b|\+84")
"""A number to call; no case number begins with 1."""


@pytest.fixture(scope="module")
async def counsellor(demo_system: System, staff: BrowserContext) -> Page:
    """A counsellor with the console open."""
    return await counsellor_page(staff, demo_system.base)


async def talks(counsellor: Page, phone: Handset, case: str) -> None:
    """A counsellor takes the case that comes to the queue, answers, and reads on, without a reload."""
    await take(counsellor, case)
    await answer(counsellor, ANSWER)
    await phone.shows(ANSWER)
    await phone.write(MORE)
    await reads(counsellor, MORE)


@pytest.mark.parametrize(("channel", "name"), [("zalo_oa", "lan"), ("telegram", "mai"), ("zalo_bot", "huong")])
async def test_at_most_five_taps_lead_to_a_counsellors_live_answer(
    demo_system: System, counsellor: Page, tab: Page, shots: Path, channel: str, name: str
) -> None:
    """Numbers on Zalo, buttons on Telegram; the greeting counts as a tap, and nothing but taps is needed."""
    phone = await greets(tab, demo_system, channel, name)
    await phone.go(*TO_A_CASE)
    assert 1 + phone.taps <= 5
    await talks(counsellor, phone, await newest(demo_system))
    await photograph(shots, **{f"help_taps_phone_{channel}": phone, f"help_taps_desk_{channel}": counsellor})


@pytest.mark.parametrize(("channel", "name"), [("zalo_oa", "hoa"), ("telegram", "nga"), ("zalo_bot", "thu")])
async def test_one_line_leads_to_a_counsellors_live_answer(
    demo_system: System, counsellor: Page, tab: Page, shots: Path, channel: str, name: str
) -> None:
    """Numbers that work from everywhere first, then a person: no tap at all."""
    phone = await take_up(tab, demo_system, channel, name)
    await phone.write(CRIES[channel])
    await phone.shows("+84 981 84 84 84")
    await talks(counsellor, phone, await newest(demo_system))
    await photograph(shots, **{f"help_line_phone_{channel}": phone})


async def test_the_country_decides_whom_she_can_call(
    demo_system: System, counsellor: Page, tab: Page, shots: Path
) -> None:
    """Cambodia, Taiwan, China: the numbers of that country, and always one that works from everywhere."""
    cambodia = await greets(tab, demo_system, "zalo_oa", "yen")
    await cambodia.go(*DANGER_ABROAD, ("kh", "help_write_back"), ("only_when_i_write", "help_queued"))
    await cambodia.shows("117 – cảnh sát Campuchia")
    await expect(await waiting(counsellor, await newest(demo_system))).to_contain_text("Campuchia")
    taiwan = await greets(tab, demo_system, "telegram", "linh")
    await taiwan.go(*TO_A_CASE, ("abroad", "help_country"), ("tw", "help_who"))
    await taiwan.shows("1955 – người lao động ở Đài Loan, có tiếng Việt")
    await expect(await waiting(counsellor, await newest(demo_system))).to_contain_text("Đài Loan")
    china = await greets(tab, demo_system, "zalo_bot", "tam")
    await china.go(("services", "services_where"), ("abroad", "services_country"), ("cn", "services_next"))
    await china.shows("110 – công an Trung Quốc")
    for phone in (cambodia, taiwan, china):
        named = [text for text in await phone.said() if NUMBER.search(text)]
        assert named
        assert [text for text in named if "+84" not in text] == []
    await photograph(shots, help_abroad_kh=cambodia, help_abroad_tw=taiwan, help_abroad_cn=china)
    await photograph(shots, help_abroad_queue=counsellor)


async def test_she_asks_for_somebody_else(demo_system: System, counsellor: Page, tab: Page, shots: Path) -> None:
    """A relative who cannot be reached: whom to call, then a person; staff read for whom it is, nobody a name."""
    phone = await greets(tab, demo_system, "zalo_bot", "be")
    await phone.go(("trouble", "page_trouble"), ("missing", "missing_choose"), ("lost", "missing_next"), *TO_A_CASE)
    await phone.go(IN_VIET_NAM, ("someone_else", "help_age"), ("adult", "help_need"))
    await phone.go(("home", "help_need_more"), ("done", "help_queued"))
    await take(counsellor, await newest(demo_system))
    await expect(counsellor.locator("#lines")).to_contain_text("Cho người khác")
    await answer(counsellor, ANSWER)
    await phone.shows(ANSWER)
    await photograph(shots, help_else_phone=phone, help_else_desk=counsellor)


async def test_a_child_is_told_in_time_and_marked_in_the_console(
    demo_system: System, counsellor: Page, tab: Page, shots: Path
) -> None:
    """Whoever names her age in a cry, or chooses it, reads before the next question that we must call 111."""
    cried = await take_up(tab, demo_system, "zalo_bot", "na")
    await cried.write("em 14 tuổi, họ nhốt em, cứu em với")
    cried.called = "em"
    await cried.asks("help_where")
    cases = [await newest(demo_system)]
    chose = await greets(tab, demo_system, "telegram", "my")
    await chose.go(*TO_A_CASE, IN_VIET_NAM, ("self", "help_age"), ("under_16", "help_need"))
    cases.append(await newest(demo_system))
    told = ("situation.child.lead", "minor_duty")
    marks, asked = ("Có thể là trẻ em", "Dưới 16 tuổi"), ("help_where", "help_need")
    for phone, duty, question, case, mark in zip((cried, chose), told, asked, cases, marks, strict=True):
        before, last = (await phone.said())[-2:]
        assert before.startswith(words(duty, phone.called))
        assert last.startswith(words(question, phone.called))
        await expect(await waiting(counsellor, case)).to_contain_text(mark)
    await photograph(shots, help_child_cried=cried, help_child_chose=chose, help_child_queue=counsellor)
