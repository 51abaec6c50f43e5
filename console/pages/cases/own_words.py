"""Her two own words at the desk: how they are agreed aloud, and typed by whoever has her case; never shown again."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id, open_case
from console.web.request import PageRequest
from store.casework import own_words
from store.casework.own_words import AgreedWords
from store.errors import Refused
from store.refusals import Refusal


async def show(page: PageRequest) -> Response:
    """Tell whoever has the case how both words are agreed aloud, and which of them are kept."""
    view = (await open_case(page)).view
    if not view.can_write:
        raise Refused(Refusal.CASE_NOT_YOURS)
    async with page.unit_of_work() as work:
        kept = await own_words.kept(work, case_id(page))
    return page.respond("cases/own_words.html", row=view.row, kept=kept)


async def keep(page: PageRequest) -> Response:
    """Keep both words as they were agreed aloud."""
    form = await page.form()
    if form.text("agreed") != "yes":
        raise Refused(Refusal.OWN_WORDS_NOT_AGREED)
    agreed = AgreedWords(form.text("first_word"), form.text("second_word"))
    async with page.unit_of_work() as work:
        await own_words.keep_agreed(work, case_id(page), agreed, page.console.library)
    return page.redirect("own_words", case_id=case_id(page))
