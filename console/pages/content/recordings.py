"""Recording pages: invite a speaker, listen, approve as one of two people, silence what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from console.web.request import PageRequest
from content.cards.languages import BASE, spoken
from content.cards.shelves import text_of
from content.library import Library
from content.media import m4a
from content.recording_scripts import coverage, script, wanted
from store.errors import Refused, Sealed
from store.recordings import playback, speakers
from store.recordings import review as recording_review
from store.refusals import Refusal


async def show(page: PageRequest) -> Response:
    """List what waits for a review and what is heard, and how much of each language is silent."""
    return await _list(page)


async def _list(page: PageRequest, code: str = "") -> Response:
    library = page.console.library
    async with page.console.store.data.connect() as conn:
        found = await recording_review.listed(conn)
        heard = await playback.heard(conn, library)
    order = {one.card: place for place, one in enumerate(library.audio.first)}
    return page.respond(
        "content/recordings.html",
        found=[
            (one, _title(library, one.card), script(library, one.card, one.lang) if library.has(one.card) else "")
            for one in sorted(found, key=lambda one: order.get(one.card, len(order)))
        ],
        names={lang: text_of(language.name, page.l10n.lang) for lang, language in library.languages.items()},
        silent=[(lang, len(cards)) for lang, cards in coverage(library, heard.voices())],
        total=len(wanted(library)),
        first=[
            (one, _title(library, one.card), _heard_in(library, heard.voices(), one.card))
            for one in library.audio.first
        ],
        code=code,
        needed=recording_review.NEEDED,
        reasons=recording_review.REASONS,
    )


def _title(library: Library, card: str) -> str:
    """What a card is called: its title, or the first line of its words; of one that is gone its id."""
    if not library.has(card):
        return card
    found = library.cards[card][BASE]
    return found.title or found.text.partition("\n")[0]


def _heard_in(library: Library, voices: Mapping[str, set[str]], card: str) -> list[str]:
    """In which languages a card has a voice, the most urgent first."""
    return [lang for lang in spoken(library.languages) if card in voices.get(lang, ())]


async def invite(page: PageRequest) -> Response:
    """Make a speaker's code and show it, this once."""
    form = await page.form()
    async with page.unit_of_work() as work:
        code = await speakers.invite(work, page.console.library, form.text("lang"), form.text("alias"))
    return await _list(page, code=code)


async def sound(page: PageRequest) -> Response:
    """Play a recording to whoever reviews it, in a container every browser knows."""
    try:
        clip = await playback.clip_of(page.console.store, page.number("recording_id"), approved=False)
    except Sealed:
        clip = None
    if clip is None:
        raise Refused(Refusal.RECORDING_NOT_FOUND)
    if clip.format == "opus":
        return Response(clip.data, media_type="audio/ogg")
    return Response(m4a.wrapped(clip.data), media_type="audio/mp4")


async def decide(page: PageRequest) -> Response:
    """Approve as one of two people, silence, or refuse with a reason the next speaker reads."""
    say, recording_id = (await page.form()).text("say"), page.number("recording_id")
    async with page.unit_of_work() as work:
        if say == "yes":
            await recording_review.approve(work, page.console.library, recording_id)
        elif say == "retire":
            await recording_review.retire(work, recording_id)
        else:
            await recording_review.refuse(work, recording_id, say)
    return page.redirect("recordings")
