"""Referral pages: ask her, confirm as a second person, hand over as sheet, file or signed request, keep the receipt."""

from __future__ import annotations

from starlette.responses import Response

from bot.paging.referral_webhook import body_of
from console.pages.cases.cases import case_id, open_case, to_case
from console.pages.cases.referral_form import service_name
from console.pages.cases.referral_sheet import Sender, agreed_fields, as_text, sent_by
from console.pages.children.form_01 import Handing, form_values
from console.web.i18n import Localization
from console.web.request import PageRequest
from content.cards.languages import BASE
from content.directory.referrals import referral as rules
from store.crypto import age
from store.errors import Refused
from store.referrals import service as referrals
from store.referrals.models import FORM, WAYS, ReferralRow
from store.referrals.service import ReferralDuty, ReferralQuestion
from store.refusals import Refusal


async def refer(page: PageRequest) -> Response:
    """Ask her about one service, or about help for her life; or prepare what a duty demands."""
    form, library = await page.form(), page.console.library
    key, about = form.request_key(), case_id(page)
    kind, _, duty = form.text("kind").partition(":")
    async with page.unit_of_work() as work:
        if kind == "life":
            await referrals.ask_for_life(work, about, key, library)
        elif kind == "duty":
            basis, _, service = duty.partition(":")
            await referrals.without_asking(work, about, ReferralDuty(key, service, basis))
        elif kind:
            raise Refused(Refusal.REFERRAL_CHOICE)
        else:
            await referrals.ask(work, about, ReferralQuestion(key, form.text("service"), form.texts("field")), library)
    return to_case(page)


async def confirm(page: PageRequest) -> Response:
    """Confirm as a second reader of the case."""
    async with page.unit_of_work() as work:
        await referrals.confirm(work, case_id(page), _which(page))
    return to_case(page)


async def take_back(page: PageRequest) -> Response:
    """Write down that she took her yes back."""
    async with page.unit_of_work() as work:
        await referrals.take_back(work, case_id(page), _which(page))
    return to_case(page)


async def receipt(page: PageRequest) -> Response:
    """Keep who of the service took it."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await referrals.receipt(work, case_id(page), _which(page), form.text("who"))
    return to_case(page)


async def hand(page: PageRequest) -> Response:
    """Hand it over by one transport: a page to print, a file for the service alone, or a signed request.

    What leaves is made first; it is given out only once it is noted that it was handed over.
    """
    way = (await page.form()).text("way")
    if way not in WAYS:
        raise Refused(Refusal.REFERRAL_TRANSPORT_UNKNOWN)
    found = await open_case(page)
    row = next((one for one in found.referrals if one.id == _which(page)), None)
    if row is None:
        raise Refused(Refusal.REFERRAL_NOT_FOUND)
    l10n = Localization(BASE, page.console.provinces)  # whoever receives it reads Vietnamese
    name = service_name(page.console.library, l10n, row.service)
    lines = agreed_fields(row, found.view, page.console.library, l10n)
    settings = page.console.settings
    sender = Sender(settings.office_name, settings.office_phone, page.visitor.member.alias)
    by = sent_by(sender, page.now, l10n)
    sealed = b"" if way in ("sheet", FORM) else _sealed(page, row, way, as_text(row.code, name, [*by, *lines]))
    body = _body(page, row, sealed) if way == "hook" else None
    async with page.unit_of_work() as work:
        await referrals.hand(work, case_id(page), row.id, way, body)
    if way == "sheet":
        page.l10n = l10n
        return page.respond("cases/sheet.html", row=row, name=name, lines=lines, sender=sender, by=by)
    if way == FORM:
        handing = Handing(sender, page.channel(found.view.row.channel), row.code)
        page.l10n = l10n
        return page.respond(
            "cases/form_01.html", row=row, **form_values(found.view, handing, page.console.library, l10n)
        )
    return to_case(page) if way == "hook" else _file(row, sealed)


def _sealed(page: PageRequest, row: ReferralRow, way: str, text: bytes) -> bytes:
    """What is for the service alone. Raises Refused where it has no key, or no address to send it to."""
    partner = page.console.partners.get(row.service)
    if partner is None or partner.age is None or (way == "hook" and partner.hook is None):
        raise Refused(Refusal.REFERRAL_NO_TRANSPORT)
    return age.encrypt_to(partner.age, text)


def _body(page: PageRequest, row: ReferralRow, sealed: bytes) -> bytes:
    """What the signed request carries."""
    return body_of(row.key, row.service, sealed, rules().receipt_due(row.handed_at or page.console.clock.now()))


def _file(row: ReferralRow, sealed: bytes) -> Response:
    headers = {"content-disposition": f'attachment; filename="{row.code}.age"'}
    return Response(sealed, media_type="application/octet-stream", headers=headers)


def _which(page: PageRequest) -> int:
    number: int = page.request.path_params["referral"]
    return number
