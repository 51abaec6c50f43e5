"""The audit page: records of what staff did, never words of people."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from starlette.responses import Response

from console.web.forms import read_number
from console.web.request import PageRequest
from store import audit
from store.audit import AuditRecord
from store.staff import models as staff

PER_PAGE = 50
QUICK = 20_000
"""Records whose chain is checked whenever the page is opened; more of them only when asked."""


async def show(page: PageRequest) -> Response:
    """List records, newest first, fifty a page, and say whether the chain is whole."""
    before = read_number(page.request.query_params.get("before", ""))
    async with page.console.store.data.connect() as conn:
        entries = await audit.page(conn, before=before, limit=PER_PAGE)
        aliases = await staff.aliases(conn)
        ask = "check" in page.request.query_params or (before is None and entries and entries[0].seq <= QUICK)
        chain = await audit.verify(conn, page.console.store.keys.audit) if ask else None
    names = _names(entries, aliases)
    broken = chain.seq if isinstance(chain, audit.ChainBroken) else None
    older = entries[-1].seq if len(entries) == PER_PAGE else None
    return page.respond("reports/audit.html", entries=entries, names=names, chain=chain, broken=broken, older=older)


def _names(entries: Sequence[AuditRecord], aliases: dict[UUID, str]) -> dict[str, str]:
    """Aliases for the ids of staff; ids of cases are cut to what tells two of them apart."""
    known = {str(staff_id): alias for staff_id, alias in aliases.items()}
    codes = {code for entry in entries for code in (entry.actor, entry.object)}
    return {code: known.get(code, code[:8] if len(code) == 36 else code) for code in codes}
