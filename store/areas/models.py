"""Administrative units: nation, provinces and communes after July 2025, as a tree."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.areas import Area, Areas
from store.metadata import metadata

NATION = "vn"

area = Table(
    "area",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent", Text, ForeignKey("area.code"), nullable=True),
)


async def sync_units(conn: AsyncConnection, units: Areas) -> int:
    """Bring the table to today's units: add what is missing, rename what has a new name; returns how many changed.

    What is no longer a unit stays: groups and people of it are still there.
    """
    known = {row.code: row.name for row in await conn.execute(select(area.c.code, area.c.name))}
    wanted = [_unit(NATION, "Việt Nam", "nation", None), *(_row(unit) for unit in units)]
    changed = [row for row in wanted if known.get(str(row["code"])) != row["name"]]
    if changed:
        statement = insert(area)
        renamed = statement.on_conflict_do_update(index_elements=[area.c.code], set_={"name": statement.excluded.name})
        await conn.execute(renamed, changed)
    return len(changed)


def code_of(unit: Area) -> str:
    """Return the code of a unit as the database has it: `vn-11` or `vn-11-03172`."""
    province = f"{NATION}-{unit.province}"
    return province if unit.level == "province" else f"{province}-{unit.code}"


def _row(unit: Area) -> dict[str, str | None]:
    parent = NATION if unit.level == "province" else f"{NATION}-{unit.province}"
    return _unit(code_of(unit), unit.name, unit.level, parent)


def _unit(code: str, name: str, level: str, parent: str | None) -> dict[str, str | None]:
    return {"code": code, "name": name, "level": level, "parent": parent}


async def communes(conn: AsyncConnection) -> list[tuple[str, str]]:
    """Every commune registered here: (code, name)."""
    query = select(area.c.code, area.c.name).where(area.c.level == "commune").order_by(area.c.code)
    return [(row.code, row.name) for row in await conn.execute(query)]
