"""Her two own words at the desk: how they are agreed aloud, and typed by whoever has her case; never shown again."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id, open_case
from console.web.request import PageRequest
from store.casework.reading import CaseView
from store.errors import Refused
from store.own_words import links as word_links
from store.own_words import service as own_words
from store.own_words.service import AgreedWords
from store.refusals import Refusal


async def show(page: PageRequest) -> Response:
    """Tell whoever has the case how both words are agreed aloud, and which of them are kept."""
    view = (await open_case(page)).view
    if not view.can_write:
        raise Refused(Refusal.CASE_NOT_YOURS)
    return await _shown(page, view)


async def _shown(page: PageRequest, view: CaseView, code: str = "") -> Response:
    """The page; with a code it tells, this once, how the one-time page is opened."""
    async with page.unit_of_work() as work:
        kept = await own_words.kept(work, case_id(page))
    address = f"{page.console.settings.public_url.rstrip('/')}{page.path('one_time')}"
    until = page.now + word_links.LIVES
    return page.respond("cases/own_words.html", row=view.row, kept=kept, code=code, address=address, until=until)


async def keep(page: PageRequest) -> Response:
    """Keep both words as they were agreed aloud."""
    form = await page.form()
    if form.text("agreed") != "yes":
        raise Refused(Refusal.OWN_WORDS_NOT_AGREED)
    agreed = AgreedWords(form.text("first_word"), form.text("second_word"))
    async with page.unit_of_work() as work:
        await own_words.keep_agreed(work, case_id(page), agreed, page.console.library)
    return page.redirect("own_words", case_id=case_id(page))


async def make_page(page: PageRequest) -> Response:
    """Make a page that opens once; its code is shown now and never again."""
    async with page.unit_of_work() as work:
        code = await word_links.make(work, case_id(page))
    return await _shown(page, (await open_case(page)).view, code)
