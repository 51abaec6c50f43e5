"""`nhipcau check` names a planted mistake with file and line, and ends with 1; the packaged content ends with 0."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app

ROOT = Path(__file__).parents[3]


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A mistake made by replacing a text once in one file."""

    def plant(folder: Path) -> None:
        path = folder / name
        before = path.read_text("utf-8")
        assert old in before, f"{old!r} is not in {name}: the test must follow the content"
        path.write_text(before.replace(old, new, 1), "utf-8")

    return plant


PLANTED = [
    pytest.param(
        replaced("content/data/services/vn.yaml", 'number: "113"', "number: 113"),
        "quote it",
        id="unquoted phone number",
    ),
    pytest.param(replaced("content/data/cards/vi/flow.yaml", 'lang: "vi"', "lang: no"), "no", id="no as a language"),
    pytest.param(
        replaced("flows/definitions/menu.yaml", "choices: menu", "choices: menuu"), "menuu", id="unknown card in a flow"
    ),
    pytest.param(replaced("flows/definitions/menu.yaml", "trigger:", "triger:"), "triger", id="misspelt key in a flow"),
]


@pytest.mark.parametrize(("plant", "named"), PLANTED)
def test_a_planted_mistake_is_named(tmp_path: Path, plant: Callable[[Path], None], named: str) -> None:
    """The finding stands on a line of its own as file:line: what; and the exit code is 1."""
    for room in ("content", "flows"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    plant(tmp_path)
    arguments = [
        "check",
        "--content",
        str(tmp_path / "content" / "data"),
        "--flows",
        str(tmp_path / "flows" / "definitions"),
    ]
    outcome = CliRunner().invoke(app, arguments)
    assert outcome.exit_code == 1
    assert any(named in line and ".yaml:" in line for line in outcome.stdout.splitlines())


def test_the_packaged_content_is_sound_and_only_its_age_is_told() -> None:
    """Facts nobody has called about yet are listed, and stop `check --release` only."""
    outcome = CliRunner().invoke(app, ["check"])
    assert outcome.exit_code == 0
    assert "test call" in outcome.stdout
    assert CliRunner().invoke(app, ["check", "--release"]).exit_code == 1
