"""Several processes over one database: one takes in, two work; when a worker dies the other goes on."""

from __future__ import annotations

from pathlib import Path

from tests.support.stage import Stage, stage, until


async def answered(set_up: Stage, users: list[str], least: int) -> None:
    """Wait until every phone shows at least so many messages of ours."""

    async def all_have() -> bool:
        return all([len(await set_up.inbox("telegram", user)) >= least for user in users])

    await until(all_have, 20)


async def test_two_workers_share_and_one_survives_the_other(server_folder: Path) -> None:
    """Forty people are answered by two workers; one is killed; forty more messages are answered by the other."""
    users = [f"u{n}" for n in range(40)]
    async with stage(server_folder) as set_up:
        await set_up.start(role="web")
        first = await set_up.start(role="worker")
        await set_up.start(role="worker")
        for user in users:
            await set_up.say("telegram", user, "xin chào")
        await answered(set_up, users, 1)
        before = {user: len(await set_up.inbox("telegram", user)) for user in users}
        first.kill()
        await first.wait()
        for user in users:
            await set_up.say("telegram", user, "menu")

        async def all_more() -> bool:
            return all([len(await set_up.inbox("telegram", user)) > before[user] for user in users])

        await until(all_more, 20)
        seen = [len(await set_up.inbox("telegram", user)) for user in users]
        async with set_up.store.data.connect() as conn:
            rows = (await conn.exec_driver_sql("SELECT count(*), sum(tries - 1) FROM ledger")).one()
        assert rows[0] <= sum(seen) <= rows[0] + rows[1]
