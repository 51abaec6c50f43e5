"""Exports of the audit as a file: asked for with a reason, confirmed by a second person, fetched by the two."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from starlette.responses import Response

from console.pages.reports.audit import filter_choices, wanted_of
from console.pages.reports.audit_words import AuditWords
from console.web.request import PageRequest
from store.audit_search import exports, names
from store.staff import models as staff

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is reckoned by a spreadsheet; source: OWASP, CSV injection (2024)."""


async def show(page: PageRequest) -> Response:
    """List the exports asked for lately, with a form for another one."""
    async with page.console.store.data.connect() as conn:
        found = await exports.latest(conn)
        aliases = await staff.aliases(conn)
        choices = await filter_choices(page, conn)
    wanted = wanted_of(page.request.query_params)
    acts = {act: said for said, act in choices["acts"]}
    return page.respond("reports/exports.html", found=found, aliases=aliases, wanted=wanted, named=acts, **choices)


async def ask(page: PageRequest) -> Response:
    """Ask for an export."""
    form = await page.form()
    wanted = wanted_of({name: form.text(name) for name in ("who", "case", "act", "day")})
    async with page.unit_of_work() as work:
        await exports.ask(work, wanted, form.text("reason"))
    return page.redirect("audit_exports")


async def decide(page: PageRequest) -> Response:
    """Confirm or decline an export as its second person."""
    confirmed = (await page.form()).text("say") == "yes"
    async with page.unit_of_work() as work:
        await exports.decide(work, page.number("export"), confirmed=confirmed)
    return page.redirect("audit_exports")


async def fetch(page: PageRequest) -> Response:
    """Give out the file."""
    number = page.number("export")
    async with page.unit_of_work() as work:
        records = await exports.fetch(work, number)
        words = AuditWords(page, await names.names_of(work.conn, records))
    l10n = page.l10n
    rows = (
        (one.seq, l10n.stamp(one.at), words.actor(one), words.act(one), words.about(one), words.details(one))
        for one in records
    )
    head = [page.translate(said) for said in ("No.", "When", "Who", "What", "On what", "Details")]
    headers = {"content-disposition": f'attachment; filename="nhat-ky-{number}.csv"'}
    return Response(as_csv([head, *rows]), media_type="text/csv; charset=utf-8", headers=headers)


def as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as a file that a spreadsheet opens in the right letters, and in which nothing is a formula."""
    written = StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([_cell(str(cell)) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
