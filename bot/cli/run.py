"""`nhipcau run`: real accounts, no stand-ins, no control plane."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.cli.bootstrap import build_house, prove_packages_are_ours
from bot.cli.mount_console import console_room, live
from bot.cli.serve import open_door, run_until_told, stay
from bot.config.settings import SettingsWrong, read_settings
from bot.logs import journal
from bot.monitoring.endpoints import vitals_open
from bot.runtime import ROLES
from scheduler.clock import Clock


def run_service(role: str, settings_file: Path | None) -> int:
    """Run until told to stop; returns the exit code."""

    async def main() -> None:
        prove_packages_are_ours()
        if role not in ROLES:
            raise SettingsWrong([f"--role {role}: choose all, web or worker"])
        settings = read_settings(settings_file)
        if not settings.accounts:
            raise SettingsWrong(["accounts: there is none; name at least one Telegram bot, Zalo OA or Zalo bot"])
        journal.begin(settings.log_level)
        house = await build_house(settings, Clock(), role=role)
        if role == "worker":
            async with house.running(), vitals_open(house):
                await house.start_channels()
                _ready(house.alarms)
                await stay(house)
            return
        room = console_room(house)
        async with open_door(house, {"/console": room}), live(room):
            _ready(house.alarms)
            await stay(house)

    return run_until_told(main)


def _ready(alarms: list[str]) -> None:
    for sentence in alarms:
        print(sentence, file=sys.stderr, flush=True)
    print("ready", flush=True)
