"""The hard hours in a real browser: a watched phone, a word for danger, despair, nobody on duty, a closed line."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Page, expect

from content.zone import VIETNAM
from scheduler.jobs.deferred_effects import EVERY
from tests.support import casework
from tests.support.browser.console_page import ROLE, answer, newest, photograph, sign_in, take, waiting
from tests.support.browser.handset import Handset, greets, take_up, words
from tests.support.system import System

ONLY_TWO = re.compile(r"\n1\. [^\n]+\n2\. [^\n]+$")
TO_A_WORD = (
    ("settings", "settings"),
    ("privacy", "privacy_choose"),
    ("words", "words_offer"),
    ("agree", "words_own"),
)
IN_DESPAIR = (("yes", "despair_near"), ("no", "despair_means"), ("no", "despair_stay"))
DESPAIR = "em không muốn sống nữa"
LISTENERS, AMBULANCE = "+84 96 306 1414", "115"
TUESDAY, WEDNESDAY = 2, 3


@pytest.fixture(scope="module")
async def lead(demo_system: System, staff: BrowserContext) -> Page:
    """The shift lead with the console open: she answers too, and she alone changes the roster."""
    return await sign_in(staff, demo_system.base, *ROLE["shift_lead"])


async def to_hour(demo_system: System, weekday: int, hour: int) -> None:
    """Move the world to the next such hour in Viet Nam; 1 is Monday."""
    now = demo_system.runtime.clock.now().astimezone(VIETNAM)
    then = now.replace(hour=hour, minute=0, second=0) + timedelta(days=weekday - now.isoweekday())
    await demo_system.advance(((then - now) % timedelta(days=7)).total_seconds())


async def says_yes(phone: Handset) -> None:
    """Answer the question of the silence, which has two answers and no more, and look that none follows it."""
    asked = [(await phone.said())[-1]]
    await phone.choose("yes", "silent_kept")
    assert [text for text in asked if not ONLY_TWO.search(text)] == []


async def agree_aloud(demo_system: System, lead: Page, phone: Handset, own: str, duress: str) -> None:
    """Keep both words in a case of hers that is closed afterwards: at the desk, or for Zalo on the one-time page."""
    await phone.write("cứu em với")
    await phone.shows("113")
    await demo_system.quiet()
    case = await newest(demo_system)
    await take(lead, case)
    await lead.get_by_role("link", name="Hai từ mật của người ấy").click()
    if phone.channel == "telegram":
        await type_words(lead, own, duress)
        await lead.get_by_role("button", name="Lưu cả hai").click()
    else:
        await type_on_the_page(lead, own, duress)
        await lead.reload()
    await expect(lead.locator("dd", has_text="đã lưu")).to_have_count(2)
    member, _ = await demo_system.counsellor(ROLE["shift_lead"][0])
    library, now = demo_system.runtime.library, demo_system.runtime.clock.now()
    await casework.close(demo_system.store, now, library, UUID(case), member, "answered")


async def type_words(lead: Page, own: str, duress: str) -> None:
    """Type both at the desk, look at them once, and hide them again."""
    await lead.fill("#first_word", own)
    await lead.fill("#second_word", duress)
    await lead.get_by_role("button", name="Hiện chữ đang gõ").click()
    await expect(lead.locator("input[data-secret][type=text]")).to_have_count(2)
    await lead.get_by_role("button", name="Ẩn chữ đang gõ").click()
    await expect(lead.locator("input[data-secret][type=password]")).to_have_count(2)
    await lead.check("input[name=agreed]")


async def type_on_the_page(lead: Page, own: str, duress: str) -> None:
    """Open the one-time page by its link, which leaves no code in the address, and type both there."""
    await lead.get_by_role("button", name="Tạo trang").click()
    link = await lead.get_by_role("link", name="Mở ở đây").get_attribute("href")
    assert link is not None
    page = await lead.context.new_page()
    await page.goto(link)
    await expect(page.locator("#code")).to_have_value(link.partition("#")[2])
    assert page.url == link.partition("#")[0]
    await page.get_by_role("button", name="Mở").click()
    await page.fill("#first_word", own)
    await page.fill("#second_word", duress)
    await page.check("input[name=agreed]")
    await page.get_by_role("button", name="Lưu").click()
    await expect(page.locator("main")).to_contain_text("Xong.")
    await page.close()
    await lead.goto(lead.url.removesuffix("/page"))


async def test_in_silence_one_and_two_are_enough(demo_system: System, lead: Page, tab: Page, shots: Path) -> None:
    """A full stop, or "somebody sees this phone": from there on two answers, neutral words, and a human is called."""
    dot = await take_up(tab, demo_system, "zalo_oa", "sen")
    await dot.write(".")
    await dot.asks("silent_ask")
    await says_yes(dot)
    case = await newest(demo_system)
    seen = await greets(tab, demo_system, "zalo_bot", "dao")
    await seen.go(("human", "help_entry"), ("watched", "silent_brief"))
    await says_yes(seen)
    await expect(await waiting(lead, await newest(demo_system))).to_contain_text("Có thể bị theo dõi")
    await photograph(shots, hide_silent_queue=lead)
    await take(lead, case)
    await answer(lead, "Trả lời 1 là tiện, 2 là để sau.")
    await dot.shows("Trả lời 1 là tiện")
    await dot.write("1")
    await photograph(shots, hide_silent_dot=dot, hide_silent_seen=seen, hide_silent_desk=lead)


@pytest.mark.parametrize(("channel", "name"), [("telegram", "cuc"), ("zalo_oa", "bong")])
async def test_the_word_for_danger_shows_nothing_and_warns_the_console(
    demo_system: System, lead: Page, tab: Page, shots: Path, channel: str, name: str
) -> None:
    """The same words on the phone as after her own word; in the console level 3, a mark and a warning."""
    phone = await greets(tab, demo_system, channel, name)
    await phone.go(*TO_A_WORD)
    await phone.write("3")
    await phone.asks("words_kept")
    await agree_aloud(demo_system, lead, phone, "rau muống", "bí đỏ")
    shown = []
    for word in ("rau muong", "bi do"):
        await phone.write(word)
        await phone.asks("words_back")
        shown.append((await phone.said())[-1])
        await phone.choose("no", "silent_calm")
    assert shown[0] == shown[1]
    await demo_system.advance(EVERY)
    case = await newest(demo_system)
    row = await waiting(lead, case)
    await expect(row.locator(".lv3")).to_be_visible()
    await expect(row).to_contain_text("Có thể bị ép nhắn")
    await take(lead, case)
    await expect(lead.locator("#reach .warns").first).to_contain_text("từ báo nguy")
    await photograph(shots, **{f"hide_duress_phone_{channel}": phone, f"hide_duress_desk_{channel}": lead})


@pytest.mark.parametrize(("channel", "name"), [("telegram", "mo"), ("zalo_bot", "le")])
async def test_in_despair_three_questions_and_a_human(
    demo_system: System, lead: Page, tab: Page, shots: Path, channel: str, name: str
) -> None:
    """Who listens now comes first, never how or why; what cannot be put away is danger to life in the console."""
    await to_hour(demo_system, WEDNESDAY, 14)
    phone = await take_up(tab, demo_system, channel, name)
    await phone.write(DESPAIR)
    await phone.asks("despair_asked")
    await phone.shows(LISTENERS)
    await phone.go(*IN_DESPAIR)
    case = await newest(demo_system)
    row = await waiting(lead, case)
    await expect(row.locator(".lv4")).to_be_visible()
    await expect(row).to_contain_text("Nguy cơ tự sát")
    await take(lead, case)
    await answer(lead, "Chị ở đây với em.")
    await phone.shows("Chị ở đây với em.")
    await photograph(shots, **{f"hide_despair_phone_{channel}": phone, f"hide_despair_desk_{channel}": lead})


async def test_at_night_a_closed_line_is_not_named(demo_system: System, tab: Page, shots: Path) -> None:
    """Who listens is closed on a Tuesday night: it is not named, and who answers now is."""
    await to_hour(demo_system, TUESDAY, 21)
    phone = await take_up(tab, demo_system, "zalo_bot", "trang")
    await tab.get_by_role("button", name="+1 giờ").click()
    await expect(tab.locator("#clock")).to_contain_text("22:0")
    await phone.write(DESPAIR)
    await phone.asks("despair_asked")
    told = "\n".join(await phone.said())
    assert LISTENERS not in told
    assert AMBULANCE in told
    other = await greets(tab, demo_system, "zalo_oa", "sao")
    await other.go(("services", "services_where"), ("vn", "services_next"))
    await other.shows("24 giờ mỗi ngày")
    await photograph(shots, hide_night_despair=phone, hide_night_services=other)


async def test_with_nobody_on_duty_there_is_no_pretence(
    demo_system: System, lead: Page, tab: Page, shots: Path
) -> None:
    """The shift lead empties the roster: who answers, what it costs, what they ask, what to say; nobody is promised."""
    await lead.goto(f"{demo_system.base}/console/roster")
    turns = lead.get_by_role("button", name=re.compile("^Bỏ "))
    for left in (2, 1, 0):
        await turns.first.click()
        if await lead.get_by_role("button", name="Vẫn bỏ").count():  # without it nobody is on call: asked twice
            await lead.get_by_role("button", name="Vẫn bỏ").click()
        await expect(turns).to_have_count(left)
    cried = await take_up(tab, demo_system, "zalo_oa", "xuan")
    await cried.write("cuu em voi")
    await cried.asks("help_where")
    await cried.go(("vn", "help_write_back"), ("here", "help_waiting"))
    asked = await greets(tab, demo_system, "telegram", "ha")
    await asked.go(("human", "help_alone"), ("message", "danger_now"), ("no", "help_contact"))
    looked = await greets(tab, demo_system, "zalo_bot", "dong")
    await looked.go(("services", "services_where"), ("vn", "services_next"), ("human", "help_alone"))
    for phone in (cried, asked, looked):
        said = "\n".join(await phone.said())
        assert "Lúc này bên mình chưa có người trực" in said
        assert "Bạn có thể nói: “" in said
        assert "tư vấn" not in said
    await waiting(lead, await newest(demo_system))
    await photograph(shots, hide_alone_cried=cried, hide_alone_asked=asked, hide_alone_looked=looked)
    await photograph(shots, hide_alone_queue=lead)
    assert words("help_alone") in (await looked.said())[-1]
