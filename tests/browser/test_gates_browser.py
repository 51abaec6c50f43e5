"""Open gates in a real browser: seen where somebody says yes, readable on a phone, without a barrier."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from tests.support.browser.console_page import ROLE, sign_in
from tests.support.system import System

NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 860}
WHERE = {"card": ("content_reviewer", "card/leave.two-numbers"), "propose": ("commune_staff", "broadcasts")}


@pytest.mark.parametrize(("role", "path"), WHERE.values(), ids=WHERE.keys())
async def test_gates_are_seen_at_every_width(
    demo_system: System, staff: BrowserContext, axe: str, shots: Path, role: str, path: str
) -> None:
    """Each gate and both languages, in a large window and on a phone, nothing off the side."""
    await staff.clear_cookies()
    desk = await sign_in(staff, demo_system.base, *ROLE[role])
    await desk.goto(f"{demo_system.base}/console/{path}")
    for size in (WIDE, NARROW):
        await desk.set_viewport_size(size)
        await expect(desk.locator(".gates").first).to_contain_text("chưa rà an toàn")
        await expect(desk.locator(".said[lang=en]").first).to_be_visible()
        assert await desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await desk.screenshot(path=shots / f"gates-{role}-{size['width']}.png")
    await desk.evaluate(axe)
    assert await desk.evaluate("async () => (await axe.run()).violations.map(v => v.id)") == []
    await desk.close()
