"""Recording pages: invite a speaker, listen, approve as one of two people, silence what is wrong."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from console.web.request import PageRequest
from content.cards.shelves import text_of
from content.media import m4a
from content.recording_scripts import coverage, script, wanted
from store.errors import Refused, StoreError
from store.recordings import review as recording_review
from store.recordings import service as recordings
from store.recordings import speakers
from store.refusals import Refusal


async def show(page: PageRequest) -> Response:
    """List what waits for a review and what is heard, and how much of each language is silent."""
    return await _list(page)


async def _list(page: PageRequest, code: str = "") -> Response:
    library = page.console.library
    async with page.console.store.data.connect() as conn:
        found = await recording_review.listed(conn, library)
        heard = await recordings.heard(conn, library)
    spoken: dict[str, set[str]] = {}
    for name in (name for name, sound in heard.sounds.items() if not sound.tone):
        card, _, lang = name.rpartition(".")
        spoken.setdefault(lang, set()).add(card)
    silent = [(lang, len(cards)) for lang, cards in coverage(library, spoken)]
    values: dict[str, Any] = {
        "found": [(one, script(library, one.card, one.lang) if library.has(one.card) else "") for one in found],
        "names": {code: text_of(language.name, page.l10n.lang) for code, language in library.languages.items()},
        "silent": silent,
        "total": len(wanted(library)),
        "code": code,
        "needed": recording_review.NEEDED,
        "reasons": recording_review.REASONS,
    }
    return page.respond("content/recordings.html", **values)


async def invite(page: PageRequest) -> Response:
    """Make a speaker's code and show it, this once."""
    form, console = await page.form(), page.console
    async with console.store.data.begin() as conn:
        code = await speakers.invite(
            conn,
            console.clock.now(),
            console.store.keys.index,
            console.store.keys.audit,
            console.library,
            staff_id=page.staff_id,
            lang=form.text("lang"),
            alias=form.text("alias"),
        )
    return await _list(page, code=code)


async def sound(page: PageRequest) -> Response:
    """Play a recording to whoever reviews it, in a container every browser knows."""
    try:
        clip = await recordings.clip_of(page.console.store, recording_id(page), approved=False)
    except StoreError:
        clip = None
    if clip is None:
        raise Refused(Refusal.RECORDING_NOT_FOUND)
    if clip.format == "opus":
        return Response(clip.data, media_type="audio/ogg")
    return Response(m4a.wrapped(clip.data), media_type="audio/mp4")


async def decide(page: PageRequest) -> Response:
    """Approve as one of two people, or refuse with a reason the next speaker reads."""
    form, console = await page.form(), page.console
    say, now, key = form.text("say"), console.clock.now(), console.store.keys.audit
    who: dict[str, Any] = {"recording_id": recording_id(page), "staff_id": page.staff_id}
    async with console.store.data.begin() as conn:
        if say == "yes":
            await recording_review.approve(conn, now, key, console.library, **who)
        elif say == "retire":
            await recording_review.retire(conn, now, key, **who)
        else:
            await recording_review.refuse(conn, now, key, **who, reason=say)
    return page.redirect("recordings")


def recording_id(page: PageRequest) -> int:
    """The recording a request is about."""
    found: int = page.request.path_params["recording_id"]
    return found
