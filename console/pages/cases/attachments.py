"""Attachments and places of a case's lines: opened by its readers only, recorded each time."""

from __future__ import annotations

import asyncio
from uuid import UUID

from starlette.responses import Response

from console.pages.cases.cases import case_id
from console.web.request import PageRequest
from console.web.security import SANDBOX
from content.media import m4a
from content.media.attachment import MEDIA_TYPES, SanitizedFile
from content.media.clip import ClipRejected
from store.attachments import viewing
from store.casework import shared_place


async def case_attachment(page: PageRequest) -> Response:
    """Answer with one attachment."""
    wanted: UUID = page.request.path_params["attachment"]
    async with page.unit_of_work() as work:
        taken = await viewing.open_attachment(work, case_id(page), wanted)
    return await asyncio.to_thread(answer, taken)  # a long voice is put into a container frame by frame


async def case_place(page: PageRequest) -> Response:
    """Answer with the coordinates of a place that she sent, to be dictated on the telephone."""
    async with page.unit_of_work() as work:
        latitude, longitude = await shared_place.read_place(work, case_id(page), page.number("line"))
    template = "cases/place_read.html" if page.is_htmx else "cases/place_page.html"
    return page.respond(template, case=case_id(page), latitude=latitude, longitude=longitude)


def answer(taken: SanitizedFile) -> Response:
    """A file as a browser may have it: clean ones in place, everything else only to be put away as a file."""
    media_type, data, name = MEDIA_TYPES[taken.format], taken.data, taken.name
    inline = taken.clean and taken.format != "amr"
    if inline and taken.format == "aac":
        media_type, data, name = _in_a_container(taken)
    headers = {
        "content-disposition": f'{"inline" if inline else "attachment"}; filename="{name}"',
        "content-security-policy": SANDBOX,
    }
    return Response(data, media_type=media_type if inline else "application/octet-stream", headers=headers)


def _in_a_container(taken: SanitizedFile) -> tuple[str, bytes, str]:
    """Bare AAC in the container that every browser plays."""
    try:
        return MEDIA_TYPES["m4a"], m4a.wrapped(taken.data), "voice.m4a"
    except ClipRejected:
        return MEDIA_TYPES["aac"], taken.data, taken.name
