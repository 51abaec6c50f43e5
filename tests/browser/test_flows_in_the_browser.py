"""The main path of each flow on a Zalo phone, one picture a flow: numbered answers, nothing cut, nothing too wide."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.integration.broadcasts.test_recordings import invited
from tests.integration.inbound.test_walk_every_phone import AGREES, ASKS, BABY, CRY, GROUP, HELLO, PACKED, TELLS
from tests.support.party import Party
from tests.support.system import System

TROUBLE = (HELLO, "trouble")
BACK = (*TROUBLE, "returnee")
PATHS = {
    "agreement": AGREES,
    "checker": (*BABY, *("yes",) * 8),
    "checklist": PACKED,
    "cry": (CRY, "abroad", "th", "here"),
    "despair": ("em không muốn sống nữa", "yes", "no"),
    "dialogue": ASKS,
    "exit": (HELLO, "thoát nhanh"),
    "get_help": (HELLO, "human", "message", "no", "here", "vn"),
    "listening": (HELLO, "settings", "listening"),
    "livelihood": (*BACK, "work", "savings"),
    "menu": (HELLO,),
    "missing": (*TROUBLE, "missing", "lost"),
    "pages": TROUBLE,
    "papers": (*BACK, "papers", "id_card"),
    "privacy": (HELLO, "shared", "seen"),
    "quiz": (HELLO, "safety", "quiz", "yes"),
    "returning": (*BACK, "rights"),
    "services": (HELLO, "services", "vn"),
    "settings": (HELLO, "settings", "language"),
    "sharing": (HELLO, "offers", "tricks", "offer.light-work", "share"),
    "silent_call": (".", "yes"),
    "stuck": (*TROUBLE, "stuck", "more_choices", "my"),
    "tip": (*TELLS, "send"),
    "topics": (HELLO, "offers", "tricks", "page"),
    "village": (HELLO, *GROUP),
    "words": (HELLO, "settings", "privacy", "words", "agree"),
    "youth": (HELLO, "safety", "youth", "play", "yes"),
}
"""What is answered on the way through each flow; check-ins have pictures of their own in test_check_in_browser.py."""


async def test_the_main_path_of_each_flow_on_a_zalo_phone(system: System, page: Page, shots: Path) -> None:
    """Every path ends in words of its flow, on a screen 390 px wide on which nothing is cut off."""
    party = Party(system)
    walk = next(walk for walk in party.walks if walk.channel == "zalo_oa")
    paths = PATHS | {"recording": (await invited(system, "bientap", "vi"), "accept", "start")}
    walkers = {flow: walk.add(*path, explores=False) for flow, path in paths.items()}
    await party.go()
    assert (party.unanswered, party.over, party.refused, party.unshown) == ([], [], [], [])
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(system.base)
    await expect(page.locator("section.phone")).to_have_count(len(paths))
    for flow, walker in walkers.items():
        phone = page.locator("section.phone", has=page.locator(f'.owner:text-is("Máy của {walker.slug.title()}")'))
        wide = await phone.locator(".chat").evaluate("chat => chat.scrollWidth - chat.clientWidth")
        assert wide <= 0, flow
        await phone.screenshot(path=shots / f"flow-{flow}.png")
