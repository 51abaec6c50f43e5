"""A phone on the page of phones, used as its owner uses it: by the answers she sees, by numbers or by buttons."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.support.content import conversation
from tests.support.system import System


class Handset:
    """One phone. `taps` counts the answers its owner gave; `asked` is the card of the question on her screen.

    `called` is how she is called from here on: `em` whoever has told that she is a child; "" as everybody is.
    """

    def __init__(self, frame: Locator, channel: str) -> None:
        self.frame = frame
        self.channel = channel
        self.taps = 0
        self.asked = ""
        self.called = ""

    async def write(self, text: str) -> None:
        """Type and send."""
        await self.frame.locator("input[name=text]").fill(text)
        await self.frame.page.keyboard.press("Enter")

    async def shows(self, text: str, seconds: float = 15) -> None:
        """Wait until the chat shows a text."""
        await expect(self.frame.locator(".chat")).to_contain_text(text, timeout=seconds * 1000)

    async def hides(self, text: str) -> None:
        """Look that the chat does not show a text."""
        await expect(self.frame.locator(".chat")).not_to_contain_text(text)

    async def press(self, label: str) -> None:
        """Press the newest button with this label."""
        await self.frame.locator(".chat button", has_text=label).last.click()

    async def asks(self, card: str) -> None:
        """Wait until the newest message is the question of a card."""
        await expect(self._newest).to_contain_text(words(card, self.called), timeout=5000)
        self.asked = card

    async def choose(self, value: str, then: str) -> None:
        """Give one of the answers of the question on the screen, and wait for the next question. One tap.

        On Telegram its button is pressed; elsewhere the number is typed that stands before it on the screen.
        """
        fixed = conversation().card("fixed_answers", "vi").choices
        choices = (*conversation().card(self.asked, "vi").choices, *fixed)
        label = next(choice.label for choice in choices if choice.value == value)
        if self.channel == "telegram":
            await self._newest.get_by_role("button", name=label, exact=True).click()
        else:
            await self.write(_number(await self._newest.locator(".bubble > p").inner_text(), label))
        self.taps += 1
        await self.asks(then)

    async def go(self, *ways: tuple[str, str]) -> None:
        """Give several answers, each with the question that follows it."""
        for value, then in ways:
            await self.choose(value, then)

    async def said(self) -> list[str]:
        """Everything the account wrote so far, oldest first."""
        return await self.frame.locator(".theirs .bubble > p").all_inner_texts()

    @property
    def _newest(self) -> Locator:
        """The newest message; cards to tap may follow it."""
        cards = conversation().library.card("fragment.contact", "vi").text
        return self.frame.locator(".chat > .message").filter(has_not_text=cards).last


def words(card: str, called: str = "") -> str:
    """The words of a card, up to its first slot, as they call somebody who is `called` so."""
    library = conversation().library
    text = library.card(card, "vi").text.partition("{")[0]
    return library.tone.address["vi"].text(text, called) if called else text


def _number(shown: str, label: str) -> str:
    """The number before an answer on the screen."""
    found = re.search(rf"^(\d+)\. {re.escape(label)}$", shown, re.MULTILINE)
    assert found is not None, f"no number before {label!r} in {shown!r}"
    return found[1]


def phone_of(page: Page, owner: str, channel: str) -> Handset:
    """The phone of somebody who is on the page already."""
    frame = page.locator("section.phone", has=page.locator(f'.owner:text-is("{owner}")'))
    return Handset(frame, channel)


async def add(page: Page, name: str, channel: str) -> Handset:
    """Put another phone on the page, as its visitor does."""
    await page.locator("#slug").fill(name)
    await page.locator(f"#add button[value={channel}]").click()
    phone = phone_of(page, f"Máy của {name.title()}", channel)
    await expect(phone.frame).to_be_visible()
    return phone


async def take_up(page: Page, demo_system: System, channel: str, name: str) -> Handset:
    """Somebody's phone, or a group's, on the page of phones, which is opened with the first."""
    if not page.url.startswith(demo_system.base):
        await page.goto(demo_system.base)
    await demo_system.inbox(channel, name)
    owner = f"Nhóm {name}" if channel == "telegram_group" else f"Máy của {name.title()}"
    phone = phone_of(page, owner, channel)
    await expect(phone.frame).to_be_visible()
    return phone


async def greets(page: Page, demo_system: System, channel: str, name: str) -> Handset:
    """Somebody's phone after her first hello, with the menu on it."""
    phone = await take_up(page, demo_system, channel, name)
    await phone.write("xin chào")
    await phone.asks("menu")
    return phone
