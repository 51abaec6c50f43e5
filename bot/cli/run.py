"""`nhipcau run`: real accounts, no stand-ins, no control plane."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.channels.registry import channels
from bot.cli.bootstrap import build_application, prove_packages_are_ours
from bot.cli.mount_console import console_room, live
from bot.cli.serve import run_until_told, serving, stay
from bot.config.settings import SettingsWrong, read_settings
from bot.logs import journal
from bot.monitoring.endpoints import monitoring_open
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
            raise SettingsWrong([f"accounts: there is none; name at least one, on {', '.join(channels())}"])
        journal.begin(settings.log_level)
        application = await build_application(settings, Clock(), role=role)
        if role == "worker":
            async with application.running(), monitoring_open(application.measured):
                await application.start_channels()
                _ready(application.runtime.alarms)
                await stay(application)
            return
        room = console_room(application)
        async with serving(application, {"/console": room}), live(room):
            _ready(application.runtime.alarms)
            await stay(application)

    return run_until_told(main)


def _ready(alarms: list[str]) -> None:
    for sentence in alarms:
        print(sentence, file=sys.stderr, flush=True)
    print("ready", flush=True)
