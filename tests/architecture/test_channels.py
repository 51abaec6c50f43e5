"""A channel is one package: outside it nothing names a channel, and what a channel can do is asked of its abilities."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.registry import channels

ROOT = Path(__file__).parents[2]
ROOMS = ("content", "flows", "store", "scheduler", "bot", "console")
PACKAGES = ("bot/channels/", "bot/zalo_sdk/")
"""Where channels may be named: their own packages, and the client of Zalo's two platforms that lies beside them."""
FOR_ALL = ("accounts", "base", "checks", "endpoint", "registry", "secret_header", "starting")
"""Modules of `bot/channels` that belong to no channel."""
ALLOWED = {
    "bot/cli/demo.py": "the accounts of the demo, on the stand-ins",
    "bot/cli/main.py": "the name of the command by which an Official Account is given consent",
    "bot/cli/zalo_consent.py": "that command",
}
"""Files that may name a channel, and why."""

NAMES = sorted({word for name in channels() for word in (name, name.partition("_")[0])}, key=len, reverse=True)
NAMED = re.compile(rf"(?<![\w.])({'|'.join(NAMES)})(?![a-z])")
"""A channel's name in a literal, but not inside the id of a card."""
TEMPLATES = ("*.html", "*.jinja", "*.js")


def findings(source: str) -> Iterator[str]:
    """Yield every place of a module that names a channel, or asks for an ability by its class or its method."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(said)) if id(node) not in docstrings and NAMED.search(said):
                yield f"{node.lineno}: a channel's name outside its own package: {said!r}"
            case ast.ImportFrom(module=str(module)) if is_package(module):
                yield f"{node.lineno}: a channel's package is imported: {module}"
            case ast.Import(names=names) if any(is_package(name.name) for name in names):
                yield f"{node.lineno}: a channel's package is imported: {names[0].name}"
    yield from (f"{line}: a channel ability asked by name outside its package: {what}" for line, what in asked(tree))


def is_package(module: str) -> bool:
    """Whether a module belongs to a channel's package, to some of them together, or to the client of one."""
    part = module.removeprefix("bot.channels.").partition(".")[0]
    return module.startswith("bot.zalo_sdk") or (module.startswith("bot.channels.") and part not in FOR_ALL)


def asked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield questions for the class of a channel or an account, and for a method that a channel may have."""
    classes = set(channel_classes(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("isinstance" | "issubclass"), args=[_, kinds]):
                yield from ((node.lineno, name) for name in names_in(kinds) if name in classes)
            case ast.MatchClass(cls=ast.Name(name)) if name in classes:
                yield node.lineno, name
            case ast.Call(func=ast.Name("hasattr" | "getattr" | "type"), args=[of, *_]) if is_channel(of):
                yield node.lineno, ast.unparse(node)


def channel_classes(tree: ast.Module) -> Iterator[str]:
    """The classes that a module imports of channels and accounts; failures are not abilities."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot.channels"):
            module = importlib.import_module(node.module or "")
            for alias in node.names:
                found = getattr(module, alias.name, None)
                if isinstance(found, type) and not issubclass(found, Exception):
                    yield alias.asname or alias.name


def names_in(expression: ast.expr) -> Iterator[str]:
    """Every bare name of an expression: of a class, a tuple or a union of them."""
    return (node.id for node in ast.walk(expression) if isinstance(node, ast.Name))


def is_channel(expression: ast.expr) -> bool:
    """Whether an expression is a channel, by what it is called."""
    return ast.unparse(expression).rpartition(".")[2] in ("channel", "account")


def test_nothing_outside_its_package_names_a_channel() -> None:
    """What differs between channels is an ability or a limit; their names are data."""
    found = {}
    for file in sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py")):
        path = file.relative_to(ROOT).as_posix()
        if not path.startswith(PACKAGES) and path not in ALLOWED and (here := list(findings(file.read_text("utf-8")))):
            found[path] = here
    assert not found, f"{found}: ask `abilities` (bot/channels/base.py) or the limits (content/data/channels)"


def test_no_page_names_a_channel() -> None:
    """Templates say what the channel's file of limits says."""
    files = [file for kind in TEMPLATES for file in (ROOT / "console").rglob(kind) if "vendor" not in file.parts]
    assert files
    assert [str(file) for file in files if NAMED.search(file.read_text("utf-8"))] == []


def test_every_exception_is_still_needed() -> None:
    """A file that names no channel any more is taken off the list."""
    assert [path for path in ALLOWED if not list(findings((ROOT / path).read_text("utf-8")))] == []


def test_no_channel_knows_another() -> None:
    """What two channels share lies beside both packages."""
    for name in channels():
        others = tuple(f"bot.channels.{other}." for other in channels() if other != name)
        for file in (ROOT / "bot" / "channels" / name).rglob("*.py"):
            nodes = ast.walk(ast.parse(file.read_text("utf-8")))
            modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
            assert [module for module in modules if f"{module}.".startswith(others)] == [], file


PLANTED = {
    'if channel.kind == "zalo_bot":\n    pass\n': "a channel's name outside its own package",
    'voiceless = name.startswith("zalo")\n': "a channel's name outside its own package",
    'match account.channel:\n    case "telegram":\n        pass\n': "a channel's name outside its own package",
    "from bot.channels.telegram.adapter import Telegram\n": "a channel's package is imported",
    "from bot.channels.zalo_files import Fetcher\n": "a channel's package is imported",
    "import bot.zalo_sdk.errors\n": "a channel's package is imported",
    "from bot.channels.base import Channel, History\nknown = isinstance(channel, History)\n": "asked by name",
    "from bot.channels.accounts import BotAccount\nmatch one:\n    case BotAccount():\n        pass\n": (
        "asked by name"
    ),
    'if hasattr(endpoint.channel, "delete"):\n    pass\n': "asked by name",
}


@pytest.mark.parametrize("source", PLANTED)
def test_a_planted_question_is_refused(source: str) -> None:
    """The search itself, on a line of each kind."""
    assert any(PLANTED[source] in finding for finding in findings(source))


def test_what_is_no_question_passes() -> None:
    """A failure's class, a card's id and a docstring are no questions for a channel."""
    source = (
        '"""On telegram."""\nfrom bot.channels.base import Retry\n'
        'again = isinstance(failure, Retry)\ncard = "static.zalo.about"\nsent = endpoint.channel.abilities.reply\n'
    )
    assert list(findings(source)) == []
