"""Hear a voice message of a case: fetched where she sent it, played once, kept nowhere."""

from __future__ import annotations

from starlette.responses import Response

from bot.channels.contract import Failure
from console import words
from console.cases import open_case
from console.visit import Visit
from content.audio import aac, m4a
from content.audio.clip import NotSound
from store.errors import Forgotten, Refused, Sealed


async def case_voice(visit: Visit) -> Response:
    """Play one voice message to a reader of its case; like every reading it is recorded."""
    try:
        view = await open_case(visit)
    except (Refused, Sealed, Forgotten):
        return visit.problem(words.SEALED, 403)
    line = visit.request.path_params["line"]
    voice = next((one.voice for one in view.lines if one.seq == line), None)
    fetch = visit.desk.fetch
    if voice is None or fetch is None:
        return visit.problem(words.NO_VOICE, 404)
    try:
        data = await fetch(voice.account, voice.reference)
    except Failure:
        return visit.problem(words.NO_VOICE, 404)
    return playable(data)


def playable(data: bytes) -> Response:
    """Answer with a sound in a container that browsers play; what none plays is offered as a file."""
    if data.startswith(b"OggS"):
        return Response(data, media_type="audio/ogg")
    try:
        return Response(m4a.wrapped(aac.read(data).data), media_type="audio/mp4")
    except NotSound:
        ending = "amr" if data.startswith(b"#!AMR") else "bin"
        headers = {"content-disposition": f'attachment; filename="voice.{ending}"'}
        return Response(data, media_type="application/octet-stream", headers=headers)
