"""The table of units holds the whole nation, and follows the file of units without losing what hangs on it."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from content.directory.areas import COMMUNES, PROVINCES
from store.areas.models import area, communes, sync_units
from store.db.engine import Store
from tests.support.content import library


async def test_every_unit_of_the_nation_is_there(store: Store) -> None:
    """A service without communes can have no group: all 34 provinces and 3,321 communes are filled in."""
    async with store.data.begin() as conn:
        assert await sync_units(conn, library().areas) == 1 + PROVINCES + COMMUNES
        levels = dict((await conn.execute(select(area.c.level, func.count()).group_by(area.c.level))).all())
        assert levels == {"nation": 1, "province": PROVINCES, "commune": COMMUNES}
        assert ("vn-11-03172", "Xã Na Sang") in await communes(conn)


async def test_filling_again_changes_only_what_differs(store: Store) -> None:
    """A new name is taken over, a missing unit comes back, a unit that is no more stays for those who are in it."""
    async with store.data.begin() as conn:
        await sync_units(conn, library().areas)
        assert await sync_units(conn, library().areas) == 0
        await conn.execute(update(area).where(area.c.code == "vn-75").values(name="Đồng Nai"))
        await conn.execute(delete(area).where(area.c.code == "vn-92-31810"))
        old = {"code": "vn-11-99999", "name": "Xã cũ", "level": "commune", "parent": "vn-11"}
        await conn.execute(area.insert().values(old))
        assert await sync_units(conn, library().areas) == 2
        names = dict((await conn.execute(select(area.c.code, area.c.name))).all())
    assert names["vn-75"] == "Thành phố Đồng Nai"
    assert names["vn-92-31810"] == "Xã Lai Hòa"
    assert names["vn-11-99999"] == "Xã cũ"
