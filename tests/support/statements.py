"""Count what a request asks the databases: transactions and statements, through SQLAlchemy and on asyncpg alike."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from store.db.engine import Store

_FRAME = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b")


class StatementCounter:
    """Hears every statement on both databases of a store, from now on; `clear` begins to count."""

    def __init__(self, store: Store) -> None:
        self.asked: list[str] = []
        self.transactions = 0
        for engine in (store.data, store.keyring):
            self._listen(engine)

    def clear(self) -> None:
        """Begin to count anew."""
        self.asked.clear()
        self.transactions = 0

    def _listen(self, engine: AsyncEngine) -> None:
        event.listen(engine.sync_engine, "before_cursor_execute", lambda _, __, said, *___: self.asked.append(said))
        event.listen(engine.sync_engine.pool, "checkout", self._hear_driver)

    def _hear_driver(self, connection: Any, *_: object) -> None:
        connection.driver_connection.add_query_logger(self._driver)

    def _driver(self, record: Any) -> None:
        """What is asked on the driver's own connection; its transactions are everybody's."""
        if record.query.startswith("BEGIN"):
            self.transactions += 1
        elif not _FRAME.match(record.query) and record.query != ";":
            self.asked.append(record.query)
