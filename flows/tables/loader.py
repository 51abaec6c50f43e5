"""Load one table of this folder strictly; a mistake names the file and the line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from content import strict_yaml
from content.findings import ContentErrors, Finding

FOLDER = Path(__file__).parent
T = TypeVar("T")


def read_table(name: str, key: str, kind: type[T], *, integers: tuple[str, ...] = ()) -> dict[str, T]:
    """Return the entries under `key` of `<name>.yaml`, each as a `kind`. Raises ContentErrors."""
    file = f"flows/tables/{name}.yaml"
    document = strict_yaml.read(FOLDER / f"{name}.yaml", name=file, integers=integers, flags=("hard", "heard"))
    found: dict[str, T] = {}
    mistakes: list[Finding] = []
    entries: dict[str, object] = document.value[key]
    for entry, given in entries.items():
        try:
            found[entry] = msgspec.convert(given, kind)
        except msgspec.ValidationError as error:
            mistakes.append(Finding(file, document.line(key, entry), f"{entry}: {error}", "write it like the others"))
    if mistakes:
        raise ContentErrors(mistakes)
    return found
