"""Voices: invite a speaker, listen to what she recorded, say yes as one of two people, silence what is wrong."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from console import words
from console.visit import Visit
from content.audio import m4a
from content.audio.index import coverage, script, wanted
from content.shelves import text_of
from store import judging, recording_desk, recordings, speakers
from store.errors import Refused, StoreError


async def show(visit: Visit) -> Response:
    """List what waits for a review and what is heard, and how much of each language is silent."""
    return await _list(visit)


async def _list(visit: Visit, message: str = "", status: int = 200, **made: str) -> Response:
    library = visit.desk.library
    async with visit.desk.store.data.connect() as conn:
        found = await recording_desk.listed(conn, library)
        heard = await recordings.heard(conn, library)
    spoken: dict[str, set[str]] = {}
    for name in (name for name, sound in heard.sounds.items() if not sound.tone):
        card, _, lang = name.rpartition(".")
        spoken.setdefault(lang, set()).add(card)
    silent = [(lang, len(cards)) for lang, cards in coverage(library, spoken)]
    values: dict[str, Any] = {
        "found": [(one, script(library, one.card, one.lang) if library.has(one.card) else "") for one in found],
        "names": {code: text_of(language.name, visit.speech.lang) for code, language in library.languages.items()},
        "silent": silent,
        "total": len(wanted(library)),
        "message": visit.say(message) if message else "",
        "code": "",
        "needed": recording_desk.NEEDED,
        "reasons": recording_desk.REASONS,
    }
    return visit.page("recordings.html", status, **(values | made))


async def invite(visit: Visit) -> Response:
    """Make a speaker's code and show it, this once."""
    form, desk = await visit.request.form(), visit.desk
    try:
        async with desk.store.data.begin() as conn:
            code = await speakers.invite(
                conn,
                desk.clock.now(),
                desk.store.house.index,
                desk.store.house.audit,
                desk.library,
                staff_id=visit.staff_id,
                lang=str(form.get("lang", "")),
                alias=str(form.get("alias", "")),
            )
    except Refused:
        return await _list(visit, words.NO_SPEAKER, 422)
    return await _list(visit, code=code)


async def sound(visit: Visit) -> Response:
    """Play a recording to whoever reviews it, in a container every browser knows."""
    try:
        clip = await recordings.clip_of(visit.desk.store, recording_id(visit), approved=False)
    except StoreError:
        clip = None
    if clip is None:
        return visit.problem(words.NO_RECORDING, 404)
    if clip.format == "opus":
        return Response(clip.data, media_type="audio/ogg")
    return Response(m4a.wrapped(clip.data), media_type="audio/mp4")


async def decide(visit: Visit) -> Response:
    """Approve as one of two people, or refuse with a reason the next speaker reads."""
    form, desk = await visit.request.form(), visit.desk
    say, now, key = str(form.get("say", "")), desk.clock.now(), desk.store.house.audit
    who: dict[str, Any] = {"recording_id": recording_id(visit), "staff_id": visit.staff_id}
    try:
        async with desk.store.data.begin() as conn:
            if say == "yes":
                await recording_desk.approve(conn, now, key, desk.library, **who)
            elif say == "retire":
                await recording_desk.retire(conn, now, key, **who)
            else:
                await recording_desk.refuse(conn, now, key, **who, reason=say)
    except judging.NotGiven:
        return await _list(visit, words.NOT_GIVEN, 403)
    except Refused:
        return await _list(visit, words.NOT_REVIEWED, 409)
    return visit.to("recordings")


def recording_id(visit: Visit) -> int:
    """The recording a request is about."""
    found: int = visit.request.path_params["recording_id"]
    return found
