"""The one-time page of ours: a code opens a form once, where both words are typed; it says what they are for nowhere.

Nobody signs in here. The code is sent in a form, never in an address: no log, no history and no preview has it.
"""

from __future__ import annotations

from starlette.responses import Response

from console.web.request import PageRequest
from store.errors import NOT_DONE, Refused
from store.own_words import links as word_links
from store.own_words.service import AgreedWords
from store.refusals import Kind
from store.unit_of_work import SERVICE, unit_of_work


async def show(page: PageRequest) -> Response:
    """Ask for the code; the same for everybody, at any time."""
    return _say(page, "code")


async def take(page: PageRequest) -> Response:
    """Open the form once, or keep what was typed into it; whatever opens nothing is answered alike."""
    form, console = await page.form(), page.console
    key, now = form.text("form_key"), console.clock.now()
    if not key:
        async with unit_of_work(console.store, now, SERVICE) as work:
            key = await word_links.open_once(work, form.text("code"))
        return _say(page, "words", key) if key else _say(page, "over")
    agreed = AgreedWords(form.text("first_word"), form.text("second_word"))
    try:
        if form.text("agreed") != "yes":
            return _say(page, "again", key)
        async with unit_of_work(console.store, now, SERVICE) as work:
            kept = await word_links.keep(work, key, agreed, console.library)
    except NOT_DONE as error:
        unusable = isinstance(error, Refused) and error.refusal.kind is Kind.INVALID
        return _say(page, "again", key) if unusable else _say(page, "over")
    return _say(page, "kept" if kept else "over")


def _say(page: PageRequest, step: str, key: str = "") -> Response:
    return page.respond("cases/one_time.html", step=step, form_key=key)
