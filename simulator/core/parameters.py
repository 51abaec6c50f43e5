"""The parameters of a call, whichever of the three body forms they came in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from simulator.core.errors import bad_request


@dataclass(frozen=True)
class Upload:
    """One file of a multipart body."""

    name: str
    data: bytes


@dataclass
class Parameters:
    """Values by name as sent: text in forms, anything in JSON; and the files of a multipart body."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all values and files, in order of the alphabet."""
        return names_of({**self.values, **self.files})

    def text(self, name: str) -> str:
        """Return a string, empty when absent."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return an integer, or the default when absent or not a number."""
        try:
            return int(str(self.values.get(name, default)))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Return a boolean, false when absent."""
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> Any:
        """Return an object or list; in a form it is JSON text. None when absent, refused when not JSON."""
        value = self.values.get(name)
        if not isinstance(value, str) or value == "":
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def file(self, name: str) -> Upload | str:
        """Return the upload behind a field (directly or as attach://…), or the file id or URL given as text."""
        value = self.text(name)
        if value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"), "")
        return self.files.get(name, value)


def names_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of what a call says, never the values; of an object within another as `outer.inner`."""
    return tuple(sorted(_names(values)))


def _names(values: Mapping[str, Any], outer: str = "") -> Iterator[str]:
    for name, value in values.items():
        yield f"{outer}{name}"
        if isinstance(value, dict):
            yield from _names(value, f"{outer}{name}.")


async def read_parameters(request: Request) -> Parameters:
    """Read query, form-urlencoded, multipart or JSON parameters of a request."""
    found = Parameters(dict(request.query_params))
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        found.values.update(_json(await request.body()))
    elif kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        async with request.form(max_part_size=8 * 1024 * 1024) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    found.files[name] = Upload(value.filename or name, await value.read())
                else:
                    found.values[name] = value
    return found


def _json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise bad_request("object expected as parameters")
    return values
