"""The content and the flows of this service, read once for all tests of a process; and copies of it to spoil."""

from __future__ import annotations

import functools
import inspect
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from content.library import Library
from content.loader import PACKAGED
from content.schema import Limits, Service
from flows.engine.conversation import Conversation
from flows.load import load_all


@functools.cache
def conversation() -> Conversation:
    """The packaged content and flows, compiled."""
    return load_all()


def library() -> Library:
    """The packaged content."""
    return conversation().library


def limits_of(channel: str) -> Limits:
    """What the packaged content says of a channel."""
    return library().limits[channel]


@functools.cache
def reviewed() -> Conversation:
    """The same words as if every review were done, every source read and every number called today."""
    packaged, today = conversation(), datetime.now(UTC).date()
    old, soon = packaged.library, {"review_by": (today + timedelta(days=150)).isoformat()}
    done = {"status": "reviewed", "needs_review": ()} | soon
    library = changed(
        old,
        cards={name: {lang: replace(card, **done) for lang, card in all_.items()} for name, all_ in old.cards.items()},
        services={name: _called(one, today, soon) for name, one in old.services.items()},
        law={name: replace(fact, status="verified", **soon) for name, fact in old.law.items()},
        sources={name: replace(source, reading="read") for name, source in old.sources.items()},
    )
    return Conversation(library, packaged.groups)


def changed(old: Library, **parts: Any) -> Library:
    """A library of which some parts are others: `cards`, `services`, `law`, `sources`."""
    return Library(**{name: getattr(old, name) for name in inspect.signature(Library).parameters} | parts)


def _called(service: Service, today: date, soon: dict[str, str]) -> Service:
    """A service with a public source that was read and a test call of today."""
    status = "retired" if service.status == "retired" else "verified"
    return replace(service, status=status, verified_by="a caller", verified_on=today.isoformat(), **soon)


def copy_content(folder: Path) -> Path:
    """Copy the packaged content, without its sound, into a folder that a test may spoil."""
    for name in ("cards", "services", "lexicon", "channels"):
        shutil.copytree(PACKAGED / name, folder / name)
    for path in PACKAGED.iterdir():
        if path.suffix in (".yaml", ".csv"):
            shutil.copy(path, folder)
    return folder
