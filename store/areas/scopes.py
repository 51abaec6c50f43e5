"""Scope: the area somebody acts for, nation, province or commune; whole parts of its code decide what it covers.

Written `vn`, `vn-PP` or `vn-PP-CCCCC` with the official codes (Resolution 202/2025/QH15), as in the table of areas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, case, exists, false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.areas.models import NATION, area
from store.errors import Refused
from store.refusals import Refusal

SHAPE = re.compile(r"vn(-[0-9]{2}(-[0-9]{5})?)?")
PROVINCE, COMMUNE = re.compile(r"[0-9]{2}"), re.compile(r"[0-9]{5}")
PARTS = 3
"""Parts of a commune's code."""


def canonical(written: str) -> str:
    """Bring a written scope to the form of the table of areas; "" when it is no scope.

    `nation` is the nation, two bare digits are a province. A bare commune needs the table: see `parse_scope`.
    """
    text = written.strip().casefold()
    if text == "nation":
        return NATION
    if PROVINCE.fullmatch(text):
        return f"{NATION}-{text}"
    return text if SHAPE.fullmatch(text) else ""


def covers(scope: str, code: str) -> bool:
    """Whether a scope holds an area: itself or whatever lies in it. What is no scope or no area is never covered."""
    mine = canonical(scope)
    if not mine or not SHAPE.fullmatch(code):
        return False
    parts = mine.split("-")
    return code.split("-")[: len(parts)] == parts


def within(column: ColumnElement[str], scope: str) -> ColumnElement[bool]:
    """`covers` as a condition on a column of area codes."""
    mine = canonical(scope)
    return (column == mine) | column.like(f"{mine}-%") if mine else false()


def is_commune(code: str) -> bool:
    """Whether a code is shaped like a commune's."""
    return SHAPE.fullmatch(code) is not None and code.count("-") == PARTS - 1


async def parse_scope(conn: AsyncConnection, written: str) -> str:
    """Return a scope as it is stored. Raises Refused for what names no area, with how to write one.

    Checked against the table of areas; where that is empty, by its shape.
    """
    found = canonical(written) or await _commune(conn, written.strip())
    if not found or await unknown(conn, [found]):
        raise Refused(Refusal.AREA_UNKNOWN, area=written)
    return found


async def _commune(conn: AsyncConnection, code: str) -> str:
    """The area of a commune's bare code, which is unique in the nation; "" when there is none."""
    if not COMMUNE.fullmatch(code):
        return ""
    here = (area.c.level == "commune") & area.c.code.like(f"{NATION}-__-{code}")
    return (await conn.execute(select(area.c.code).where(here))).scalar_one_or_none() or ""


async def unknown(conn: AsyncConnection, written: Iterable[str]) -> set[str]:
    """Return those of the written scopes that name no area; while the table is empty, those of a wrong shape."""
    read = {one: canonical(one) for one in written}
    codes = set(read.values()) - {"", NATION}
    known = set((await conn.execute(select(area.c.code).where(area.c.code.in_(codes)))).scalars()) if codes else set()
    if codes - known and (await conn.execute(select(area.c.code).limit(1))).first() is None:
        known = codes
    return {one for one, code in read.items() if code not in known | {NATION}}


def names_area(scope: ColumnElement[str]) -> ColumnElement[bool]:
    """`unknown` as a condition on a column of written scopes: that one names an area."""
    text = func.lower(func.btrim(scope))
    code = case((text == "nation", NATION), (text.regexp_match("^[0-9]{2}$"), f"{NATION}-" + text), else_=text)
    known = exists(select(area.c.code).where(area.c.code == code).correlate_except(area))
    none_yet = ~exists(select(area.c.code)) & code.regexp_match(f"^{SHAPE.pattern}$")
    return (code == NATION) | known | none_yet
