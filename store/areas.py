"""Where the Union works: nation, provinces and communes after July 2025, as a tree of units."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, ForeignKey, Table, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.schema import metadata

NATION = "vn"

area = Table(
    "area",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent", Text, ForeignKey("area.code"), nullable=True),
)


async def add_communes(conn: AsyncConnection, codes: Sequence[int]) -> None:
    """Add communes by their official code, with their provinces.

    Source: package vietnam-provinces (Resolution 202/2025/QH15; 34 provinces, 3,321 communes).
    """
    from vietnam_provinces import Province, Ward, WardCode

    rows = {NATION: _unit(NATION, "Việt Nam", "nation", None)}
    for code in codes:
        ward = Ward.from_code(WardCode(code))
        province = Province.from_code(ward.province_code)
        parent = f"{NATION}-{int(province.code):02d}"
        rows[parent] = _unit(parent, province.name, "province", NATION)
        commune = f"{parent}-{code:05d}"
        rows[commune] = _unit(commune, ward.name, "commune", parent)
    for row in rows.values():
        await conn.execute(insert(area).values(row).on_conflict_do_nothing())


def _unit(code: str, name: str, level: str, parent: str | None) -> dict[str, str | None]:
    return {"code": code, "name": name, "level": level, "parent": parent}


async def communes(conn: AsyncConnection) -> list[tuple[str, str]]:
    """Every commune registered here: (code, name)."""
    query = select(area.c.code, area.c.name).where(area.c.level == "commune").order_by(area.c.code)
    return [(row.code, row.name) for row in await conn.execute(query)]
