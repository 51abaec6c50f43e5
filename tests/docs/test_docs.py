"""What the documents promise exists, and what exists is in the documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.config.settings import Settings, TelegramAccount, ZaloBotAccount, ZaloOAAccount

ROOT = Path(__file__).parent.parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_every_setting_is_documented() -> None:
    """Each setting, and each field of an account, stands in docs/operations.md."""
    fields = {
        *Settings.model_fields,
        *TelegramAccount.model_fields,
        *ZaloOAAccount.model_fields,
        *ZaloBotAccount.model_fields,
    }
    assert {field for field in fields if f"`{field}`" not in OPERATIONS} == set()


@pytest.mark.parametrize("page", ["README.md", "docs/adr/README.md", "docs/operations.md"])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    """No document points at a file that is not there."""
    file = ROOT / page
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", file.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (file.parent / link).exists()] == []


def test_every_command_of_the_readme_exists() -> None:
    """The command line answers --help for each command the README names."""
    commands = (
        "demo",
        "run",
        "check",
        "understand",
        "flows draw",
        "audit verify",
        "admin",
        "backup",
        "restore",
        "release",
    )
    for command in commands:
        assert CliRunner().invoke(app, [*command.split(), "--help"]).exit_code == 0, command
