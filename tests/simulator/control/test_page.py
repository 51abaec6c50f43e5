"""The page with the phones works in a real browser, under its policy, by keyboard and on a small screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.support.browser import chrome

pytestmark = pytest.mark.browser

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TELEGRAM, ZALO = ".phone[data-channel=telegram]", ".phone[data-channel=zalo_oa]"
GROUND = "bar => getComputedStyle(bar).background"
ZALO_BOT = ".phone[data-channel=zalo_bot]"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chrome.found(), args=ARGS)
        yield opened
        await opened.close()


@pytest.fixture
async def page(browser: Browser, far: Any) -> AsyncIterator[Page]:
    opened = await browser.new_page(viewport={"width": 1180, "height": 860})
    complaints: list[str] = []
    # A refusal (409) is noted by the browser too; it is no complaint about the page.
    opened.on("console", lambda m: None if m.text.startswith("Failed to load") else complaints.append(m.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    await opened.goto(far.base + "/")
    await expect(opened.locator(".phone")).to_have_count(3)
    yield opened
    await opened.close()
    assert complaints == []


async def test_what_is_typed_arrives_and_what_is_sent_appears(page, far):
    """A word typed by keyboard reaches the bot; the answer shows with its buttons, which can be pressed."""
    phone = page.locator(TELEGRAM)
    await phone.get_by_role("textbox").fill("chào chị")
    await page.keyboard.press("Enter")
    await expect(phone.locator(".mine .bubble")).to_contain_text("chào chị")
    chat = int(far.world.phone("telegram", "mai").address)
    keys = {"inline_keyboard": [[{"text": "Cần giúp", "callback_data": "help", "style": "danger"}]]}
    await far.telegram("sendMessage", chat_id=chat, text="Em cần gì?", reply_markup=keys)
    await expect(phone.locator(".theirs .bubble")).to_contain_text("Em cần gì?", timeout=1000)
    await expect(phone.locator(".preview")).to_have_text("Em cần gì?")
    await phone.get_by_role("button", name="Cần giúp").press("Enter")
    look = await far.eventually(lambda: far.telegram("getUpdates"), lambda got: len(got[1]["result"]) == 2)
    assert look[1]["result"][1]["callback_query"]["data"] == "help"


async def test_on_zalo_numbers_are_typed_and_media_are_sent(page, far):
    """A Zalo phone has no buttons; a picture and a place are one click each."""
    phone = page.locator(ZALO)
    await phone.get_by_role("textbox").fill("1")
    await phone.locator(".send").click()
    await phone.locator("[data-act=image]").click()
    await phone.locator("[data-act=location]").click()
    await expect(phone.locator(".mine")).to_have_count(3)
    await expect(phone.locator(".mine img")).to_be_visible()
    said = await far.log(kind="said")
    assert [(entry["status"], entry["text"]) for entry in said] == [("text", "1"), ("image", ""), ("location", "")]


async def test_a_zalo_bot_has_a_face_of_its_own(page, far):
    """A badge instead of a tick, another ground than Zalo's, numbers typed, and a voice that can be heard."""
    phone = page.locator(ZALO_BOT)
    await phone.get_by_role("textbox").fill("1")
    await phone.locator(".send").click()
    await phone.locator("[data-act=voice]").click()
    await expect(phone.locator(".mine audio")).to_be_visible()
    await expect(phone.locator(".badge")).to_have_text("Bot")
    await expect(phone.locator("h2 svg")).to_have_count(0)
    colours = [await page.locator(f"{one} .app-bar").evaluate(GROUND) for one in (TELEGRAM, ZALO, ZALO_BOT)]
    assert len(set(colours)) == 3
    said = await far.log(kind="said", channel="zalo_bot")
    assert [(entry["status"], entry["text"]) for entry in said] == [("text", "1"), ("voice", "")]


async def test_the_lock_screen_shows_forty_characters_of_the_newest_notification(page, far):
    """A longer message is cut; a quiet one leaves the strip as it was."""
    await far.consult("lan", "0123456789" * 6)
    await expect(page.locator(ZALO).locator(".preview")).to_have_text("0123456789" * 4)


async def test_a_taken_back_message_leaves_the_screen(page, far):
    """What the bot deletes is gone from the phone without a reload."""
    await far.act("telegram", "mai", "say", text="a")
    chat = int(far.world.phone("telegram", "mai").address)
    sent = (await far.telegram("sendMessage", chat_id=chat, text="bí mật"))[1]["result"]["message_id"]
    bubble = page.locator(TELEGRAM).locator(".theirs")
    await expect(bubble).to_have_count(1)
    await far.telegram("deleteMessage", chat_id=chat, message_id=sent)
    await expect(bubble).to_have_count(0)


async def test_a_group_stands_among_the_phones(page, far):
    """It bears its own name, what is written on it is said in it, and it has no picture, voice or menu to send."""
    await far.act("telegram", "mai", "group_say", group="to-13", text="chào cả nhà")
    group = page.locator('.phone[data-channel="telegram_group"]')
    await expect(group.locator("h2")).to_have_text("to-13")
    await expect(group.locator(".owner")).to_have_text("Nhóm to-13")
    await group.get_by_role("textbox").fill("NC-7KQF-2M9X")
    await group.locator(".send").click()
    await expect(group.locator(".mine")).to_have_count(2)
    await expect(group.locator("[data-act]")).to_have_count(0)
    await expect(group.locator(".more")).to_be_hidden()


async def test_a_phone_can_be_added_the_clock_moved_and_the_language_changed(page, far):
    """The bar above the phones does what it says, in both languages."""
    await page.get_by_label("Tên", exact=True).fill("hoa")
    await page.get_by_role("button", name="+ Telegram").click()
    await expect(page.locator(TELEGRAM)).to_have_count(2)
    before = far.world.now()
    await page.get_by_role("button", name="+1 ngày").click()
    await expect(page.locator("#notice")).to_contain_text("Đồng hồ đã sang")
    assert (far.world.now() - before).days == 1
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("link", name="Console")).to_have_attribute("href", "/console")
    await expect(page.locator(ZALO).locator(".owner")).to_have_text("Lan's phone")


async def test_what_cannot_be_done_is_said(page, far):
    """Writing to a blocked bot keeps the words in the field and says why."""
    await far.act("telegram", "mai", "block")
    field = page.locator(TELEGRAM).get_by_role("textbox")
    await field.fill("alo")
    await field.press("Enter")
    await expect(page.locator("#notice")).to_contain_text("has blocked the bot")
    await expect(field).to_have_value("alo")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_small_screen_scrolls_only_between_phones(page, far, scheme):
    """At 360 pixels nothing is wider than the page and the field to write in is on the screen."""
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await expect(page.locator(".phone").first.get_by_role("textbox")).to_be_in_viewport()


async def test_the_policy_lets_nothing_in_from_outside(far):
    """The page's headers allow its own files and nothing else; none of its files names another host."""
    async with far.web.get(far.base + "/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
