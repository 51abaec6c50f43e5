"""The registry of channels: found in their folder, each with its limits in the content, none twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from msgspec.structs import replace

from bot.channels import registry
from bot.channels.accounts import Account, BotAccess
from bot.channels.checks import account_objections, limit_findings
from bot.channels.registry import channels
from bot.cli.check import run_check
from tests.support.content import library

PACKAGES = {file.parent.name for file in Path(registry.__file__).parent.glob("*/channel.py")}


def test_every_package_is_a_channel_of_its_name() -> None:
    """Nobody lists the packages: the folder does, and a channel is called like it."""
    assert set(channels()) == PACKAGES
    assert [found.build.__module__ for found in channels().values()] == [
        f"bot.channels.{name}.channel" for name in sorted(PACKAGES)
    ]


def test_the_registry_imports_no_library_of_a_platform() -> None:
    """Reading settings stays quick: an adapter is loaded for a service that has such an account."""
    program = "import sys, bot.config.settings; print({'telegram', 'httpx', 'aiohttp'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"


def test_every_channel_has_its_limits() -> None:
    """What a message may hold there is data of the content, and nothing lies there for no channel."""
    assert list(limit_findings(library().limits)) == []


def test_a_channel_without_limits_is_found() -> None:
    """The check names the file to write."""
    [finding] = limit_findings(set(library().limits) - {"zalo_bot"})
    assert "channels/zalo_bot.yaml" in finding.remedy


def test_limits_without_a_channel_are_found() -> None:
    """A file that nobody reads is a mistake too."""
    [finding] = limit_findings({*library().limits, "pigeon"})
    assert finding.file == "channels/pigeon.yaml"


def test_an_account_that_would_lose_what_it_asks_for_is_refused() -> None:
    """A platform that gives a message once and never again is polled in the demo alone."""
    limits, bot = library().limits, {"name": "hoa", "token": "1:x", "secret": "sixteen-letters-or-more", "mode": "poll"}
    accounts = [channels()[name].account(channel=name, **bot) for name in ("telegram", "zalo_bot")]
    [said] = account_objections(accounts, limits)
    assert said.startswith("accounts: hoa is set to poll, and what Zalo Bot hands to a poller is gone")
    assert said.endswith('set mode = "webhook"')
    assert list(account_objections(accounts, {"zalo_bot": replace(limits["zalo_bot"], polls="kept")})) == []


def test_the_check_names_such_an_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`nhipcau check` reads settings and content, and so finds it before a start does."""
    settings = tmp_path / "nhipcau.toml"
    account = 'channel = "zalo_bot"\nname = "hoa"\ntoken = "1:x"\nsecret = "sixteen-letters-or-more"\nmode = "poll"\n'
    settings.write_text(f"[[accounts]]\n{account}", "utf-8")
    assert run_check(release=False, content=None, flows=None, settings=settings) == 1
    assert "hoa is set to poll" in capsys.readouterr().out


def test_what_a_bot_speaks_with_shows_no_secret() -> None:
    """Neither token nor secret stands in what a traceback would show."""
    assert repr(BotAccess("hoa", "1:x", "http://x/bot", None, "s")) == "BotAccess('hoa')"


def test_a_name_is_registered_once() -> None:
    """Of two packages of one name the second is refused, not taken silently."""

    class Twin(Account):
        channel: Literal["telegram"]

    channels()
    with pytest.raises(AssertionError, match="telegram is registered twice"):
        registry.channel(Twin)(None)  # type: ignore[arg-type]
