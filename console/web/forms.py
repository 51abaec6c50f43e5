"""Forms: what was typed and chosen, read by name and kind; what cannot be read is None.

A file is read in memory alone: no temporary file ever holds a picture of a case.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from uuid import UUID, uuid4

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from content.media.attachment import LARGEST

LARGEST_FORM = LARGEST + 64 * 1024
"""Bytes of a form with one file and an answer."""
_WITH_FILE = re.compile(r"/console/cases/[0-9a-f-]{36}/reply")
_FIELDS = 20
SECRETS = frozenset({"passphrase", "first_word", "second_word"})
"""Fields whose values never come back on a page."""


class Form:
    """A form that was sent; a field that is missing is empty."""

    def __init__(self, data: FormData, file: bytes | None = None) -> None:
        self._data = data
        self.file = file
        """The bytes of the file that was chosen, None when none was."""

    def __contains__(self, name: str) -> bool:
        """Whether a field, such as the button that was pressed, was sent."""
        return name in self._data

    def text(self, name: str) -> str:
        """What was typed, without the blanks around it."""
        return str(self._data.get(name, "")).replace("\r\n", "\n").strip()

    def texts(self, name: str) -> list[str]:
        """Every value that was chosen under a name."""
        return [str(value) for value in self._data.getlist(name)]

    def uuid(self, name: str) -> UUID | None:
        """An id that was chosen."""
        return read_uuid(self.text(name))

    def request_key(self) -> UUID:
        """The key of the form, so that the same form sent twice does one thing; a new one when it has none."""
        return self.uuid("request_key") or uuid4()

    def day(self, name: str) -> date | None:
        """A day that was chosen."""
        return read_day(self.text(name))

    def moment(self, name: str, zone: tzinfo) -> datetime | None:
        """A day and an hour that were chosen, in a zone."""
        try:
            return datetime.fromisoformat(self.text(name)).replace(tzinfo=zone)
        except ValueError:
            return None

    def number(self, name: str) -> int:
        """A number that was chosen; 0 for none."""
        return read_number(self.text(name)) or 0

    def hex(self, name: str) -> bytes:
        """A digest that was sent back; empty for none."""
        try:
            return bytes.fromhex(self.text(name))
        except ValueError:
            return b""

    def typed(self) -> list[tuple[str, str]]:
        """Names and values in their order, without files and secrets."""
        fields = ((name, value) for name, value in self._data.multi_items() if name not in SECRETS)
        return [(name, value) for name, value in fields if isinstance(value, str)]


def read_number(typed: str) -> int | None:
    """A number as it was sent; None when it is none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def read_day(typed: str) -> date | None:
    """A day as it was sent; None when it is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def read_uuid(typed: str) -> UUID | None:
    """An id as it was sent; None when it is none."""
    try:
        return UUID(typed)
    except ValueError:
        return None


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
