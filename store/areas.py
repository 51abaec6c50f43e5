"""Where the Union works: nation, provinces and communes after July 2025, as a tree of units."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Column, ForeignKey, Table, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.understanding.fold import fold
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


_KIND = re.compile(r"^(?:xa|phuong|dac khu|thi tran|tinh|thanh pho|tp) ")


def unit_named(text: str) -> str:
    """Return the code of the one commune that a typed text names, else of its province, else "".

    Names are compared without tones; of two communes of one name neither is guessed at without its province.
    """
    said = f" {' '.join(re.sub(r'[^a-z0-9]+', ' ', fold(text)).split())} "
    communes_by_name, provinces_by_name = _units()
    provinces = [code for name, code in provinces_by_name.items() if f" {name} " in said]
    named = [name for name in communes_by_name if f" {name} " in said]
    longest = max(named, key=len, default="")
    codes = [
        code for code in communes_by_name.get(longest, ()) if not provinces or code.rpartition("-")[0] in provinces
    ]
    if len(codes) == 1:
        return codes[0]
    return provinces[0] if len(provinces) == 1 else ""


@cache
def _units() -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """Every commune and province of today by its folded name. Source: package vietnam-provinces, as above."""
    from vietnam_provinces import Province, Ward

    provinces = {_plain(one.name): f"{NATION}-{int(one.code):02d}" for one in Province.iter_all()}
    communes_by_name: dict[str, list[str]] = defaultdict(list)
    for ward in Ward.iter_all():
        communes_by_name[_plain(ward.name)].append(f"{NATION}-{int(ward.province_code):02d}-{int(ward.code):05d}")
    return communes_by_name, provinces


def _plain(name: str) -> str:
    return _KIND.sub("", " ".join(re.sub(r"[^a-z0-9]+", " ", fold(name)).split()))
