"""The hot path makes its structs by position: what a statement returns is what the struct has, in this order."""

from __future__ import annotations

import msgspec
import pytest

from store.db.engine import Store, raw
from store.messages.hot_path import inbound, outbound
from store.messages.models import with_codes


@pytest.mark.parametrize(
    ("statement", "made"),
    [
        (inbound.PENDING, inbound.PendingMessage),
        (inbound.PENDING_ROWS, inbound.PendingMessage),
        (inbound.PEOPLE, inbound.PersonRow),
        (outbound.MARK_AND_CLAIM, outbound.ClaimedMessage),
        (outbound.ABANDONED, outbound.AbandonedMessage),
    ],
)
async def test_columns_of_a_statement_are_the_fields_of_its_struct(
    store: Store, statement: str, made: type[msgspec.Struct]
) -> None:
    """PostgreSQL itself names the columns; one more, one less or two exchanged would give a row another meaning."""
    async with raw(store.data) as pg:
        prepared = await pg.prepare(statement)
        assert tuple(column.name for column in prepared.get_attributes()) == made.__struct_fields__


def test_codes_are_put_in_by_name() -> None:
    """The number of a member and of a priority, in the place of its name; what is not one is refused."""
    assert with_codes("status IN ({Status.READY}, {Status.DEFERRED}) AND priority <= {REPLY}") == (
        "status IN (0, 4) AND priority <= 1"
    )
    with pytest.raises((AttributeError, KeyError)):
        with_codes("status = {Status.FORGOTTEN}")
    with pytest.raises(KeyError):
        with_codes("id = {number}")
