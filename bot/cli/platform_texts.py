"""`nhipcau fail-static`: the texts that answer when we are down."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.app import Application
from bot.channels.base import Failure
from bot.cli.bootstrap import build_application
from bot.cli.serve import run_until_told
from bot.config.settings import SettingsWrong, read_settings
from bot.fallback import platform_texts
from bot.logs import journal
from scheduler.clock import Clock


def run_fail_static(
    *, write: bool, check: bool, sheet: bool, confirm: str | None, by: str, settings_file: Path | None
) -> int:
    """Do what is asked, in the order sheet, confirm, write, check; 1 when something differs or was refused."""
    differs = False

    async def act(application: Application) -> None:
        nonlocal differs
        if sheet:
            print("\n\n\n".join(platform_texts.sheets(application.runtime).values()))
        if confirm:
            await platform_texts.confirm_sheet(application.runtime, confirm, by)
            print(f"account {confirm}: confirmed by {by}")
        if write:
            print("\n".join(await platform_texts.write_static(application.runtime)))
        if check:
            sentences = await platform_texts.check_static(application.runtime)
            differs = bool(sentences)
            print("\n".join(sentences) if sentences else "every platform says what the content says")

    if not (write or check or sheet or confirm):
        print("say what to do: --write, --check, --sheet or --confirm ACCOUNT --by LOGIN", file=sys.stderr)
        return 1
    return _with_application(settings_file, act) or int(differs)


def _with_application(settings_file: Path | None, act: Callable[[Application], Awaitable[None]]) -> int:
    async def main() -> None:
        settings = read_settings(settings_file)
        journal.begin("error")
        application = await build_application(settings, Clock())
        try:
            await act(application)
        except (ValueError, Failure) as refusal:
            raise SettingsWrong([str(refusal) or type(refusal).__name__]) from None
        finally:
            await application.close()

    return run_until_told(main)
