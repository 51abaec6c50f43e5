"""Platform texts that answer when the service is down: written by API where there is one, compared hourly.

A text that somebody changed on the platform, a number that changed here, or a sheet nobody has pasted since is an
alarm: nobody else would notice before the day it is needed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import timedelta

from bot.channels.base import Failure, Human
from bot.channels.endpoint import Endpoint
from bot.logs.journal import log
from bot.runtime import Runtime
from content.library import Library
from content.platform_texts import StaticTexts, static_sheet, static_texts
from store import audit
from store.unit_of_work import Actor, unit_of_work

LANGUAGES = {"": "vi", "vi": "vi", "en": "en"}
"""The platform's language codes, and the language of ours that stands there; "" is everybody else's."""
CONFIRMED_FOR = timedelta(days=90)
"""How long a human's word on a console counts."""


async def check_static(runtime: Runtime) -> list[str]:
    """Compare every account with the content; each difference is an alarm. Returns the sentences.

    An account that does not answer now is looked at in an hour again: that it is silent is said elsewhere.
    """
    sentences: list[str] = []
    for name, endpoint in runtime.endpoints.items():
        for look in (_written, _unconfirmed, _described):
            try:
                sentences += await look(runtime, name, endpoint)
            except Human as failure:
                sentences.append(f"account {name}: what stands on the platform cannot be read: {failure.detail}")
            except Failure as failure:
                log.warning("a platform was not readable", extra={"account": name, "code": failure.code})
    for sentence in sentences:
        runtime.alarm(sentence)
    return sentences


async def write_static(runtime: Runtime) -> list[str]:
    """Write what differs where an API allows it; returns one sentence an account. Raises a Failure."""
    done = []
    for name, endpoint in runtime.endpoints.items():
        profile = endpoint.channel.abilities.profile
        if profile is None:
            done.append(f"account {name}: no API sets its texts: print the sheet with --sheet and paste it")
            continue
        written = []
        for language in LANGUAGES:
            wanted = _wanted(runtime.library, language)
            if not _same(await profile.read_static(language), wanted):
                await profile.write_static(language, wanted)
                written.append(language or "default")
        done.append(f"account {name}: {'written: ' + ', '.join(written) if written else 'nothing to write'}")
    return done


def sheets(runtime: Runtime) -> dict[str, str]:
    """Return the sheet of every account whose console needs a human, Vietnamese first."""
    return {
        name: "\n\n".join(static_sheet(runtime.library, endpoint.channel.kind, name, lang) for lang in ("vi", "en"))
        for name, endpoint in runtime.endpoints.items()
        if _has_sheet(runtime, endpoint)
    }


async def confirm_sheet(runtime: Runtime, account: str, by: str) -> None:
    """Record that a human (a login) has pasted and read back the present sheet, where no API reaches.

    Raises ValueError for an account without one, or without a name.
    """
    if not by:
        raise ValueError("a confirmation needs the name of the person who read the texts: --by LOGIN")
    if account not in runtime.endpoints or not _has_sheet(runtime, runtime.endpoints[account]):
        known = ", ".join(sorted(sheets(runtime))) or "none"
        raise ValueError(f"{account} has no sheet to confirm; the accounts that have one: {known}")
    digest = _digest(runtime.library, runtime.endpoints[account], account)
    async with unit_of_work(runtime.store, runtime.clock.now(), Actor(by)) as work:
        work.record(audit.SHEET_CONFIRMED, account, sheet=digest)


async def _written(runtime: Runtime, name: str, endpoint: Endpoint) -> list[str]:
    profile = endpoint.channel.abilities.profile
    if profile is None:
        return []
    return [
        f"account {name}: the {what} ({language or 'default'}) on the platform is not what the content says: "
        "look who changed it, then `nhipcau fail-static --write`"
        for language in LANGUAGES
        for what in _different(await profile.read_static(language), _wanted(runtime.library, language))
    ]


async def _described(runtime: Runtime, name: str, endpoint: Endpoint) -> list[str]:
    describe = endpoint.channel.abilities.describe
    if describe is None:
        return []
    about = endpoint.limits.about
    if _alike(await describe(), runtime.library.say(about, "vi").text):
        return []
    return [f"account {name}: the description in its console is not that of the sheet: paste it again"]


async def _unconfirmed(runtime: Runtime, name: str, endpoint: Endpoint) -> list[str]:
    if not _has_sheet(runtime, endpoint):
        return []
    async with runtime.store.data.connect() as conn:
        last = await audit.last_confirmed(conn, name)
    order = f"`nhipcau fail-static --sheet`, paste, then `--confirm {name} --by LOGIN`"
    if last is None:
        return [f"account {name}: nobody has confirmed the texts in its console: {order}"]
    if last[1] != _digest(runtime.library, endpoint, name):
        return [f"account {name}: the texts have changed since its console was confirmed: {order}"]
    if runtime.clock.now() - last[0] > CONFIRMED_FOR:
        return [f"account {name}: its console was confirmed more than {CONFIRMED_FOR.days} days ago: {order}"]
    return []


def _has_sheet(runtime: Runtime, endpoint: Endpoint) -> bool:
    return bool(endpoint.limits.sheet)


def _wanted(library: Library, language: str) -> StaticTexts:
    return static_texts(library, LANGUAGES[language])


def _different(shown: StaticTexts, wanted: StaticTexts) -> list[str]:
    pairs = {
        "description": (shown.description, wanted.description),
        "short description": (shown.short, wanted.short),
        "list of commands": (repr(shown.commands), repr(wanted.commands)),
    }
    return [what for what, (there, here) in pairs.items() if not _alike(there, here)]


def _same(shown: StaticTexts, wanted: StaticTexts) -> bool:
    return not _different(shown, wanted)


def _alike(there: str, here: str) -> bool:
    """Compare words, not the spaces and compositions that a console may change."""
    return _plain(there) == _plain(here)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _digest(library: Library, endpoint: Endpoint, name: str) -> str:
    sheet = static_sheet(library, endpoint.channel.kind, name, "vi")
    return hashlib.blake2b(_plain(sheet).encode(), digest_size=16).hexdigest()
