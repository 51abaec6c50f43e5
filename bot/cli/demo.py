"""`nhipcau demo`: database, stand-ins, bot, clock and console in one process, with phones in the browser."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.app import Application
from bot.cli.bootstrap import build_application, prove_packages_are_ours
from bot.cli.demo_data import GROUP, LOGINS, codes, seed, vaults
from bot.cli.mount_console import console_room, live
from bot.cli.preload import demo_data
from bot.cli.serve import run_until_told, serving, stay
from bot.config.settings import Settings, SettingsWrong, read_settings
from bot.logs import journal
from scheduler.clock import MovableClock
from simulator.app import create
from simulator.world import World
from store.errors import OlderSchema

WARNING = (
    "THIS IS A DEMO. Its keys lie beside its data and its passphrases are printed here: never let a real person use it."
)


def run_demo(host: str, port: int, folder: Path) -> int:
    """Run until Ctrl-C; returns the exit code."""

    async def main() -> None:
        prove_packages_are_ours()
        world = World()
        settings = demo_settings(world, host, port, folder)
        journal.begin(settings.log_level)
        clock = MovableClock()
        first = not settings.keys_dir.exists()
        made = asyncio.ensure_future(vaults()) if first else None
        application = await _build(settings, clock, folder)

        async def follow(seconds: float) -> None:
            clock.advance(seconds)
            await application.clock_moved()

        world.on_advance.append(follow)
        await seed(application.runtime.store, clock.now(), application.runtime.library, made)
        world.zalo.webhook.url = f"{settings.public_url}/hooks/zalo"
        room = console_room(application)

        async def consent() -> None:
            """Give consent again: this world's Zalo knows nothing of the tokens of an earlier demo."""
            for endpoint in application.runtime.endpoints.values():
                if endpoint.channel.abilities.tokens is not None:
                    await endpoint.channel.abilities.tokens.consent(world.zalo.tokens.grant_code())

        async with serving(application, {"/console": room}, create(world), consent), live(room):
            _tell(
                settings,
                application.runtime.alarms,
                await codes(application.runtime.store, clock.now(), application.runtime.library),
            )
            await stay(application)
            await world.close()

    return run_until_told(main)


async def _build(settings: Settings, clock: MovableClock, folder: Path) -> Application:
    """Build it; a folder made before the first release is refused, with what to do. Raises SettingsWrong."""
    try:
        return await build_application(settings, clock)
    except OlderSchema:
        raise _outdated(folder) from None


def _outdated(folder: Path) -> SettingsWrong:
    place = folder.resolve()
    return SettingsWrong(
        [f"this demo folder was made by an earlier version: remove it ({place}) and run `make demo` again"]
    )


def demo_settings(world: World, host: str, port: int, folder: Path) -> Settings:
    """Settings that point every channel at the stand-ins of this very process."""
    base = f"http://localhost:{port}"
    telegram, zalo, zalo_bot = world.telegram, world.zalo, world.zalo_bot
    pair = zalo.tokens.issue()
    return read_settings(
        demo=True,
        data_dir=demo_data(folder),
        keys_dir=folder / "keys",
        host=host,
        port=port,
        public_url=base,
        secure_cookies=False,
        log_level="warning",
        accounts=(
            {
                "channel": "telegram",
                "name": "telegram",
                "token": telegram.token,
                "secret": "demo-webhook-secret-of-telegram",
                "base_url": f"{base}/sim/telegram/bot",
            },
            {
                "channel": "zalo_oa",
                "name": "zalo",
                "app_id": zalo.app_id,
                "oa_id": zalo.oa_id,
                "secret_key": zalo.app_secret,
                "webhook_secrets": (zalo.webhook.secret,),
                "access_token": pair["access_token"],
                "refresh_token": pair["refresh_token"],
                "api_base": f"{base}/sim/zalo/openapi",
                "oauth_base": f"{base}/sim/zalo/oauth",
                "rate": 30,
            },
            {
                "channel": "zalo_bot",
                "name": "zalo-bot",
                "token": zalo_bot.token,
                "secret": "demo-webhook-secret-of-zalo-bot",
                "base_url": f"{base}/sim/zalo_bot/bot",
            },
        ),
    )


def _tell(settings: Settings, alarms: list[str], made: list[tuple[str, str]]) -> None:
    print(WARNING)
    print(f"phones   {settings.public_url}/")
    print(f"console  {settings.public_url}/console")
    for login, passphrase, role in LOGINS:
        print(f"  {login:<14} {passphrase:<28} {role}")
    print(f"codes of {GROUP}, to be written on a phone")
    for kind, code in made:
        print(f"  {kind:<14} {code}")
    for sentence in alarms:
        print(sentence)
    print("ready", flush=True)
