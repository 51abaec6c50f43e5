"""Uploads: a form with a file, read in memory alone; no temporary file ever holds a picture of a case."""

from __future__ import annotations

import re

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from console.web.forms import Form
from content.media.attachment import LARGEST

LARGEST_FORM = LARGEST + 64 * 1024
"""Bytes of a form with one file and an answer."""
_WITH_FILE = re.compile(r"/console/cases/[0-9a-f-]{36}/reply")
_FIELDS = 20


class _InMemory(MultiPartParser):
    spool_max_size = 2 * LARGEST_FORM


def takes_file(path: str) -> bool:
    """Whether forms sent to a path may carry a file."""
    return _WITH_FILE.fullmatch(path) is not None


async def read_form(request: Request) -> Form:
    """Read a form of either kind; one that is damaged is an empty one."""
    headers: Headers = request.headers
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        return Form(await request.form())
    parser = _InMemory(headers, request.stream(), max_files=1, max_fields=_FIELDS)
    try:
        fields = await parser.parse()
    except MultiPartException:
        return Form(FormData())
    try:
        file = fields.get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""
        return Form(fields, data or None)
    finally:
        await fields.close()
