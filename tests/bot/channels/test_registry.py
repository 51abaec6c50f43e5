"""The registry of channels: found in their folder, each with its limits in the content, none twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from bot.channels import registry
from bot.channels.accounts import Account
from bot.channels.checks import limit_findings
from bot.channels.registry import channels
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


def test_a_name_is_registered_once() -> None:
    """Of two packages of one name the second is refused, not taken silently."""

    class Twin(Account):
        channel: Literal["telegram"]

    channels()
    with pytest.raises(AssertionError, match="telegram is registered twice"):
        registry.channel(Twin)(None)  # type: ignore[arg-type]
