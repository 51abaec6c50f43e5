"""Logs as JSON lines of allowed fields only: a field nobody listed is dropped, never guessed to be harmless."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

ALLOWED = frozenset(
    {
        "event",
        "account",
        "channel",
        "count",
        "status",
        "code",
        "stage",
        "lane",
        "seconds",
        "case",
        "reason",
        "port",
    }
)
_SECRET = re.compile(r"\d{6,}:[\w-]{20,}|[0-9a-f]{32,}|[A-Za-z0-9_-]{40,}|\+?\d[\d .-]{6,}\d")
_LOUD = ("httpx", "httpcore", "telegram", "aiohttp", "uvicorn", "asyncio", "sqlalchemy", "alembic", "asyncpg")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message with everything secret-shaped removed, allowed fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "say": redact(str(record.msg) if _ours(record) else "(a library's message is not shown)"),
        }
        line |= {name: value for name in sorted(ALLOWED) if (value := record.__dict__.get(name)) is not None}
        if record.exc_info and record.exc_info[0]:
            line["error"] = where_it_broke(record.exc_info[0], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _ours(record: logging.LogRecord) -> bool:
    """Our own messages are constants; a library's may hold anything."""
    return record.name.startswith("nhipcau")


def redact(text: str) -> str:
    """Remove everything shaped like a token, a digest or a phone number."""
    return _SECRET.sub("[…]", text)


def where_it_broke(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Name an error by its class and places; never by its text, arguments or local values."""
    frames = traceback.extract_tb(trace)[-6:]
    places = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}:{frame.name}" for frame in frames]
    return f"{kind.__name__} at {' > '.join(places)}"


def begin(level: str) -> None:
    """Send every log of this process to stderr as JSON lines; libraries only from warnings up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    loud = logging.DEBUG if level == "debug" else logging.WARNING
    root.setLevel(loud)
    logging.getLogger("nhipcau").setLevel(level.upper())
    for name in _LOUD:
        logging.getLogger(name).setLevel(loud)
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("nhipcau").critical("stopped by an error", exc_info=(kind, error, trace))


log = logging.getLogger("nhipcau")
"""The house's own logger: `log.info("constant sentence", extra={"account": …})`."""
