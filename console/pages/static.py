"""The console's own scripts and styles."""

from __future__ import annotations

from starlette.responses import Response

from console.web import assets
from console.web.request import PageRequest


async def static(page: PageRequest) -> Response:
    """Send one asset."""
    return assets.answer(page.console.assets, page.request)
