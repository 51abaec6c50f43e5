"""Structured logging as JSON lines: only listed fields are written, any other is dropped.

It fails closed: a record that cannot be written becomes a constant line, and no handler of the interpreter, of a
library or of the loop prints an error's text, its arguments or local values.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import traceback
import warnings
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from bot.logs.redaction import FIELDS, redact

_LOUD = ("httpx", "httpcore", "aiohttp", "uvicorn", "asyncio", "sqlalchemy", "alembic", "asyncpg")
_BROKEN = '{"level": "error", "from": "nhipcau", "say": "a record could not be written"}'
_FRAMES = 6


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message with everything secret-shaped removed, allowed fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record; one that cannot be checked is a constant line."""
        try:
            return json.dumps(_line(record), ensure_ascii=False)
        except Exception:  # whatever a hostile value raises, it must not reach a handler that prints it
            return _BROKEN


def _line(record: logging.LogRecord) -> dict[str, object]:
    line: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": redact(str(record.levelname).lower()),
        "from": redact(str(record.name)),
        "say": _said(record),
    }
    for name, fit in FIELDS.items():
        value = fit(record.__dict__.get(name))
        if value is not None:
            line[name] = value
    if isinstance(record.exc_info, tuple) and record.exc_info[0]:
        line["error"] = where_it_broke(record.exc_info[0], record.exc_info[2])
    return line


def _said(record: logging.LogRecord) -> str:
    """Our own messages are constants, and their arguments are not written; a library's may hold anything."""
    ours = record.name == "nhipcau" or record.name.startswith("nhipcau.")
    return redact(record.msg) if ours and isinstance(record.msg, str) else "(a library's message is not shown)"


def where_it_broke(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Name an error by its class and places; never by its text, arguments or local values."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    places = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}:{frame.name}" for frame in frames]
    return f"{redact(kind.__name__)} at {' > '.join(places)}"


class Lines(logging.StreamHandler[TextIO]):
    """Writes to stderr; when that fails it says nothing, for logging's own way out prints the record."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(JsonLines())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Let the line go; never print the record."""


def begin(level: str) -> None:
    """Send every log of this process to stderr as JSON lines; libraries only from warnings up.

    Called inside a running loop it takes the loop's complaints over as well.
    """
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [Lines()]
    loud = logging.DEBUG if level == "debug" else logging.WARNING
    root.setLevel(loud)
    logging.getLogger("nhipcau").setLevel(level.upper())
    for name in _LOUD:
        logging.getLogger(name).setLevel(loud)
    sys.excepthook = _last_words
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread_ended
    warnings.showwarning = _warned
    try:
        asyncio.get_running_loop().set_exception_handler(complain)
    except RuntimeError:
        return  # no loop runs: whoever starts one calls again


def complain(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Log what a loop could not hand to anybody: the error's class and places, no task, callback or value."""
    error = context.get("exception")
    log.error("the loop met an error nobody waited for", exc_info=error if isinstance(error, BaseException) else None)


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("stopped by an error", exc_info=(kind, error, trace))


def _unraisable(broken: sys.UnraisableHookArgs) -> None:
    error = broken.exc_value
    log.error(
        "an error could not be raised", exc_info=(broken.exc_type, error, broken.exc_traceback) if error else None
    )


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        log.error("a thread ended", exc_info=(ended.exc_type, ended.exc_value, ended.exc_traceback))


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    log.warning("python warned", extra={"reason": category.__name__})


log = logging.getLogger("nhipcau")
"""The application's own logger: `log.info("constant sentence", extra={"account": …})`."""
