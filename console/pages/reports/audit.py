"""The audit page: records of what staff did, by member, case, act and day; never words of people."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from console.labels import audit as audit_labels
from console.pages.reports.audit_words import AuditWords
from console.web.forms import read_day, read_number, read_uuid
from console.web.request import PageRequest
from store import audit
from store.audit_search import names, search
from store.audit_search.search import AuditFilter
from store.staff import models as staff

PER_PAGE = 50
QUICK = 20_000
"""Records whose chain is checked whenever the page is opened; more of them only when asked."""
LONGEST_NUMBER = 6


async def show(page: PageRequest) -> Response:
    """List the records that are wanted, newest first, fifty a page, and say whether the chain is whole."""
    query, wanted = page.request.query_params, wanted_of(page.request.query_params)
    before = read_number(query.get("before", ""))
    async with page.console.store.data.connect() as conn:
        entries = await search.find(conn, wanted, before=before, limit=PER_PAGE)
        named = await names.names_of(conn, entries)
        plain = before is None and wanted == AuditFilter()
        ask = "check" in query or (plain and entries and entries[0].seq <= QUICK)
        chain = await audit.verify(conn, page.console.store.keys.audit) if ask else None
        choices = await filter_choices(page, conn)
    broken = chain.seq if isinstance(chain, audit.ChainBroken) else None
    older = entries[-1].seq if len(entries) == PER_PAGE else None
    words = AuditWords(page, named)
    same = urlencode(filter_query(wanted))
    return page.respond(
        "reports/audit.html",
        entries=entries, words=words, chain=chain, broken=broken, older=older, wanted=wanted, same=same, **choices,
    )  # fmt: skip


async def readings(page: PageRequest) -> Response:
    """List who else opened the cases of this visitor."""
    before = read_number(page.request.query_params.get("before", ""))
    async with page.console.store.data.connect() as conn:
        entries = await search.readings_of(conn, page.staff_id, before=before, limit=PER_PAGE)
        named = await names.names_of(conn, entries)
    older = entries[-1].seq if len(entries) == PER_PAGE else None
    return page.respond("reports/readings.html", entries=entries, words=AuditWords(page, named), older=older, same="")


async def filter_choices(page: PageRequest, conn: Any) -> dict[str, Any]:
    """What the filter offers: members by alias, and acts by their names."""
    members = sorted((await staff.aliases(conn)).items(), key=lambda one: one[1])
    acts = sorted((page.translate(said), act) for act, said in audit_labels.ACTIONS.items())
    return {"members": members, "acts": acts}


def wanted_of(given: Any) -> AuditFilter:
    """The filter as an address or a form names it; what cannot be read asks for all."""
    case = str(given.get("case", "")).strip()
    act = str(given.get("act", ""))
    return AuditFilter(
        read_uuid(str(given.get("who", ""))),
        case if case.isdecimal() and len(case) <= LONGEST_NUMBER else "",
        act if act in audit_labels.ACTIONS else "",
        read_day(str(given.get("day", ""))),
    )


def filter_query(wanted: AuditFilter) -> dict[str, str]:
    """The filter as an address names it, without what is empty."""
    day = wanted.day.isoformat() if wanted.day else ""
    found = {"who": str(wanted.staff_id or ""), "case": wanted.case, "act": wanted.action, "day": day}
    return {name: value for name, value in found.items() if value}
