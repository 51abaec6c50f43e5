"""Every call of the service's logger, read from the source: constant sentences and listed fields only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.logs.redaction import FIELDS, redact
from tests.support.stage import ROOT

ROOMS = ("bot", "console", "scheduler", "store", "flows", "content")
LEVELS = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log"})


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every `log.<level>(…)` with its place."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and said_by_log(node.func):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def said_by_log(name: ast.expr) -> bool:
    """Whether this is a method of `log`."""
    if not isinstance(name, ast.Attribute) or name.attr not in LEVELS:
        return False
    return isinstance(name.value, ast.Name) and name.value.id in ("log", "logger", "logging")


def test_every_message_is_a_constant_sentence_that_stays_readable() -> None:
    """No f-string, no argument: what varies goes into a listed field, or nowhere."""
    found = list(calls())
    assert len(found) > 15
    for where, call in found:
        assert len(call.args) == 1, f"{where}: a message takes no arguments"
        message = call.args[0]
        assert isinstance(message, ast.Constant), f"{where}: the message is not a constant"
        assert redact(str(message.value)) == message.value, f"{where}: {message.value}"


def test_every_field_given_is_on_the_list() -> None:
    """A field that would be dropped is a mistake of ours, found here and not in an outage."""
    fields: dict[str, str] = {}
    for where, call in calls():
        for keyword in call.keywords:
            assert keyword.arg in ("extra", "exc_info"), f"{where}: {keyword.arg}"
            if keyword.arg == "extra":
                assert isinstance(keyword.value, ast.Dict), f"{where}: extra is not written out"
                fields |= {str(key.value): where for key in keyword.value.keys if isinstance(key, ast.Constant)}
    assert {field: where for field, where in fields.items() if field not in FIELDS} == {}
    assert "reason" in fields


def test_nothing_of_ours_prints_a_traceback_or_makes_a_logger_of_its_own() -> None:
    """One logger, one formatter: `traceback.print…`, `logging.basicConfig` and other loggers do not exist."""
    forbidden = ("traceback.print", "basicConfig", "logging.getLogger(__name__)", "breakpoint(")
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            text = file.read_text("utf-8")
            assert [word for word in forbidden if word in text] == [], file
