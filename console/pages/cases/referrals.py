"""Referral pages: ask her, confirm as a second person, hand over as sheet, file or signed request, keep the receipt."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from starlette.responses import Response

from bot.config.paging import Partner
from bot.paging.referral_webhook import body_of
from console.pages.cases.cases import case_id, open_case
from console.pages.cases.referral_form import asked_key, service_name
from console.pages.cases.referral_sheet import agreed_fields, as_text
from console.web.i18n import Localization
from console.web.request import PageRequest
from content.cards.languages import BASE
from content.directory.referrals import referral as rules
from store.crypto import age
from store.errors import Refused
from store.referrals import service as referrals
from store.referrals.models import ReferralRow
from store.refusals import Refusal


async def refer(page: PageRequest) -> Response:
    """Ask her about one service, or about help for her life; or prepare what a duty demands."""
    form = await page.request.form()
    console, now, who = page.console, page.console.clock.now(), page.staff_id
    key, about = asked_key(str(form.get("request_key", ""))), case_id(page)
    kind, _, basis = str(form.get("kind", "")).partition(":")
    doing: Awaitable[None]
    if kind == "life":
        doing = referrals.ask_for_life(console.store, now, about, who, key, console.library)
    elif kind == "duty":
        reason, _, service = basis.partition(":")
        doing = referrals.without_asking(console.store, now, about, who, key, service, reason)
    else:
        service, fields = str(form.get("service", "")), [str(one) for one in form.getlist("field")]
        doing = referrals.ask(console.store, now, about, who, key, console.library, service, fields)
    return await _done(page, doing)


async def confirm(page: PageRequest) -> Response:
    """Confirm as a second reader of the case."""
    console = page.console
    doing = referrals.confirm(console.store, console.clock.now(), case_id(page), page.staff_id, _which(page))
    return await _done(page, doing)


async def take_back(page: PageRequest) -> Response:
    """Write down that she took her yes back."""
    console = page.console
    doing = referrals.take_back(console.store, console.clock.now(), case_id(page), page.staff_id, _which(page))
    return await _done(page, doing)


async def receipt(page: PageRequest) -> Response:
    """Keep who of the service took it."""
    form = await page.request.form()
    console, taken_by = page.console, str(form.get("who", ""))
    doing = referrals.receipt(console.store, console.clock.now(), case_id(page), page.staff_id, _which(page), taken_by)
    return await _done(page, doing)


async def hand(page: PageRequest) -> Response:
    """Hand it over by one transport: a page to print, a file for the service alone, or a signed request."""
    form = await page.request.form()
    way = str(form.get("way", ""))
    found = await open_case(page)
    page.l10n = Localization(BASE, page.console.provinces)  # whoever receives it reads Vietnamese
    row = next((one for one in found.referrals if one.id == _which(page)), None)
    if row is None:
        raise Refused(Refusal.REFERRAL_NOT_FOUND)
    lines, partner = (
        agreed_fields(row, found.view, page.console.library, page.l10n),
        page.console.partners.get(row.service),
    )
    return await _hand(page, row, way, lines, partner)


async def _hand(
    page: PageRequest, row: ReferralRow, way: str, lines: list[tuple[str, str]], partner: Partner | None
) -> Response:
    """Make what leaves, note that it was handed over, and only then give it out."""
    name, now = service_name(page, row.service), page.console.clock.now()
    sealed, body = b"", None
    if way != "sheet":
        if partner is None or partner.age is None or (way == "hook" and partner.hook is None):
            raise Refused(Refusal.REFERRAL_NO_TRANSPORT)
        sealed = age.encrypt_to(partner.age, as_text(row.code, name, lines))
    if way == "hook":
        body = body_of(row.key, row.service, sealed, rules().receipt_due(row.handed_at or now))
    await referrals.hand(page.console.store, now, case_id(page), page.staff_id, row.id, way, body)
    if way == "sheet":
        return page.respond("cases/sheet.html", row=row, name=name, lines=lines)
    return page.redirect("case", case_id=case_id(page)) if way == "hook" else _file(row, sealed)


def _file(row: ReferralRow, sealed: bytes) -> Response:
    headers = {"content-disposition": f'attachment; filename="{row.code}.age"'}
    return Response(sealed, media_type="application/octet-stream", headers=headers)


def _which(page: PageRequest) -> int:
    number: int = page.request.path_params["referral"]
    return number


async def _done(page: PageRequest, doing: Awaitable[Any]) -> Response:
    """Do it and go back to the case."""
    await doing
    return page.redirect("case", case_id=case_id(page))
