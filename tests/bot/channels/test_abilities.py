"""What a channel's code can do and what its file of limits promises is the same."""

from __future__ import annotations

from bot.channels.accounts import BotAccount
from tests.support.system import System


async def test_an_adapter_can_do_what_its_limits_promise(unstaffed_system: System) -> None:
    """Bytes of sounds and files are taken where the limits say so, and what can be taken back can be deleted."""
    application = unstaffed_system.application
    assert {account.channel for account in application.runtime.settings.accounts} == set(
        application.runtime.library.limits
    )
    for account in application.runtime.settings.accounts:
        channel = application.runtime.endpoints[account.name].channel
        limits, can = application.runtime.library.limits[channel.kind], channel.abilities
        assert channel.kind == account.channel
        assert (can.send_sound is not None) == (limits.audio == "file"), account.channel
        assert (can.send_file is not None) == (limits.photo == "bytes"), account.channel
        assert (can.delete is not None) == (limits.delete_hours > 0), account.channel
        assert (can.describe is not None) == bool(limits.about), account.channel
        assert (can.profile is None) == bool(limits.sheet), account.channel
        assert (can.poll is not None) == isinstance(account, BotAccount) == bool(limits.polls), account.channel
