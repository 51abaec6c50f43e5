"""`nhipcau run` as an operator meets it: real processes, sentences instead of tracebacks, no control plane."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import nhipcau
from tests.support.stage import ROOT, Stage, stage, until


def written(folder: Path, settings: dict[str, Any]) -> Path:
    """Write settings as the TOML file an operator would."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items() if key != "accounts"]
    for account in settings["accounts"]:
        lines += ["[[accounts]]", *(f"{key} = {json.dumps(value)}" for key, value in account.items())]
    file = folder / "nhipcau.toml"
    file.write_text("\n".join(lines), "utf-8")
    return file


async def command(set_up: Stage, file: Path, *arguments: str) -> asyncio.subprocess.Process:
    """Start `nhipcau run`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--settings", str(file), *arguments,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    set_up.server_processes.append(process)
    return process


async def test_run_serves_real_accounts_and_no_control_plane(server_folder: Path) -> None:
    """A message is answered; /__sim does not exist; SIGTERM ends it within five seconds."""
    async with stage(server_folder) as set_up:
        process = await command(set_up, written(server_folder, set_up.settings))
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
        base = set_up.settings["public_url"]
        for path in ("/__sim/log", "/__sim/telegram/x/inbox", "/sim/telegram/bot1/getMe", "/"):
            async with set_up.http.get(base + path) as answer:
                assert answer.status == 404
        await set_up.say("telegram", "lan", "xin chào")

        async def answered() -> bool:
            return bool(await set_up.inbox("telegram", "lan"))

        await until(answered, 10)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_a_wrong_token_is_one_sentence_and_the_others_go_on(server_folder: Path) -> None:
    """Telegram refuses the token: a sentence names the account without the token; Zalo is served."""
    async with stage(server_folder) as set_up:
        token = "7000000009:this-token-is-wrong-aaaaaaaaaaaaaaa"
        set_up.settings["accounts"][0]["token"] = token
        process = await command(set_up, written(server_folder, set_up.settings))
        assert process.stdout is not None
        assert process.stderr is not None
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
        await set_up.say("zalo_oa", "lan", "xin chào")

        async def answered() -> bool:
            return bool(await set_up.inbox("zalo_oa", "lan"))

        await until(answered, 10)
        process.terminate()
        said = (await process.stderr.read()).decode()
        assert "telegram" in said
        assert "token" in said
        assert token not in said
        assert token.partition(":")[2] not in said


WRONG: list[Any] = [
    pytest.param(
        lambda settings: settings | {"database_url": "postgresql://postgres@127.0.0.1:1/x"},
        "does not answer",
        id="database down",
    ),
    pytest.param(lambda settings: settings | {"accounts": []}, "accounts: there is none", id="no account"),
    pytest.param(lambda settings: settings | {"port": 99_999}, "port: ", id="wrong setting"),
    pytest.param(
        lambda settings: settings | {"keys_dir": settings["data_dir"] + "/keys"},
        "lies inside the data folder",
        id="keys inside the data",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
async def test_a_start_that_cannot_succeed_says_why_in_a_sentence(
    tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any]], sentence: str
) -> None:
    """Exit code 1, one sentence on stderr, no traceback."""
    settings = {
        "data_dir": str(tmp_path / "data"),
        "keys_dir": str(tmp_path / "keys"),
        "database_url": "postgresql://postgres@127.0.0.1:1/x",
        "keyring_url": "postgresql://postgres@127.0.0.1:1/y",
        "accounts": [{"channel": "telegram", "name": "a", "token": "1:x", "secret": "sixteen-letters-long"}],
    }
    file = written(tmp_path, change(settings))
    code, _, said = await nhipcau("run", "--settings", str(file))
    assert code == 1
    assert sentence in said
    assert "Traceback" not in said
