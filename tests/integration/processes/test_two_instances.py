"""Somebody starts the service twice: on another port they share the work, on the same one the second says so."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.kills import KillsResult, judge, quiet
from tests.integration.processes.test_run_command import written
from tests.support.commands import nhipcau
from tests.support.stage import free_port, stage, until


async def test_two_services_on_the_same_databases_answer_everybody_once(server_folder: Path) -> None:
    """Events at both endpoints, even the same ones: one effect each, one answer each."""
    async with stage(server_folder) as set_up:
        await set_up.start()
        first = set_up.settings["public_url"]
        port = free_port()
        set_up.settings |= {"port": port, "public_url": f"http://127.0.0.1:{port}"}
        await set_up.start()
        for n in range(20):
            set_up.world.zalo.webhook.url = f"{first if n % 2 else set_up.settings['public_url']}/hooks/zalo"
            await set_up.say("zalo_oa", f"z{n}", "xin chào")
            await set_up.say("telegram", f"t{n}", "xin chào")
        outcome = KillsResult()
        await quiet(set_up)
        await judge(set_up, outcome)
        assert (outcome.lost, outcome.double_effects, outcome.stuck, outcome.never_seen) == (0, 0, 0, 0)
        assert outcome.seen_twice == outcome.seen_twice_unexplained == 0


async def test_the_same_port_twice_is_one_sentence(server_folder: Path) -> None:
    """The second ends with 1 and names the port; the first goes on."""
    async with stage(server_folder) as set_up:
        await set_up.start()
        code, _, said = await nhipcau("run", "--settings", str(written(server_folder, set_up.settings)))
        assert code == 1
        assert f"port {set_up.settings['port']}" in said
        assert "Traceback" not in said
        await set_up.say("telegram", "lan", "xin chào")
        await until(lambda: set_up.inbox("telegram", "lan"), 10)
