"""Safety rule 9: names, avatars and contacts that a platform sends along are never kept."""

from __future__ import annotations

from store.metadata import keyring_metadata, metadata

FORBIDDEN = ("name", "phone", "avatar", "photo", "gender", "birth", "ethnic", "latitude", "longitude", "address_plain")
ALLOWED = {"area.name", "account.name", "channel_token.name", "channel_token_attempt.name"}


def test_no_table_has_a_place_for_what_we_must_not_know() -> None:
    """No column of a person's tables is made for a name, a phone, a picture or a place on the map."""
    columns = {
        f"{table.name}.{column.name}"
        for catalogue in (metadata, keyring_metadata)
        for table in catalogue.tables.values()
        for column in table.columns
    }
    found = {column for column in columns - ALLOWED if any(word in column.partition(".")[2] for word in FORBIDDEN)}
    assert found == set()


async def test_a_location_and_a_contact_leave_no_trace(system) -> None:
    """A shared location is answered, and its coordinates are in no column."""
    await system.talk("telegram", "lan", "xin chào")
    await system.do("telegram", "lan", "location")
    await system.quiet()
    async with system.store.data.connect() as conn:
        for table in metadata.sorted_tables:
            rows = (await conn.execute(table.select())).all()
            assert "105.8" not in repr(rows)
