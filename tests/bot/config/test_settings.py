"""Settings are read once, validated at start, and complained about one sentence a problem, without values."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.config.settings import SettingsWrong, read_settings

ROOT = Path(__file__).parents[3]
GOOD = {"channel": "telegram", "name": "hoa", "token": "1:x", "secret": "sixteen-letters-or-more"}

BOT = GOOD | {"channel": "zalo_bot"}

WRONG = [
    pytest.param({"port": 70_000}, "port: ", id="port out of range"),
    pytest.param({"accounts": [GOOD | {"secret": "short"}]}, "secret: ", id="short secret"),
    pytest.param({"accounts": [GOOD, GOOD]}, "two accounts are called hoa", id="two accounts of one name"),
    pytest.param({"accounts": [GOOD | {"name": "Hoa Ban"}]}, "name: ", id="name not a slug"),
    pytest.param({"accounts": [GOOD | {"channel": "viber"}]}, "accounts.0", id="unknown channel"),
    pytest.param({"database_url": "postgresql://a/b"}, "come as a pair", id="data without keyring"),
    pytest.param(
        {"database_url": "postgresql://a/b", "keyring_url": "postgresql://a/b"},
        "a database of its own",
        id="keyring in the data database",
    ),
    pytest.param({"accounts": [BOT | {"secret": "short"}]}, "secret: ", id="short secret of a Zalo bot"),
    pytest.param({"colour": "blue"}, "colour: ", id="unknown setting"),
]


@pytest.mark.parametrize(("given", "sentence"), WRONG)
def test_each_problem_is_one_sentence(given: dict[str, object], sentence: str) -> None:
    """The sentence names the setting and never its value."""
    with pytest.raises(SettingsWrong) as problem:
        read_settings(**given)
    [said] = problem.value.sentences
    assert sentence in said
    assert "short" not in said or "secret" in said


def test_a_file_and_the_environment_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment wins over the file."""
    file = tmp_path / "nhipcau.toml"
    file.write_text('port = 9001\nhost = "0.0.0.0"\n', "utf-8")
    monkeypatch.setenv("NHIPCAU_PORT", "9002")
    settings = read_settings(file)
    assert (settings.host, settings.port) == ("0.0.0.0", 9002)  # noqa: S104


def test_nothing_else_reads_the_environment() -> None:
    """Only bot/config/settings.py and the command line know that there is an environment."""
    readers = set()
    for package in ("bot", "console", "scheduler", "store", "flows", "content", "simulator"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                    readers.add(str(path.relative_to(ROOT)))
    assert readers == {"bot/cli/serve.py"}, "the language of the terminal is the one thing beside the settings"
