"""A lost Zalo grant comes back: by the code of a new consent, a new pair in the settings, or after a restore."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from simulator.zalo.tokens import challenge_of
from tests.integration.processes.test_run_command import command, written
from tests.support import commands
from tests.support.stage import Stage, stage, until
from tests.support.system import System, built

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
SILENCE = 95
"""Seconds after which a service looks again whether an account that needed a human works."""


def zalo_of(system: System) -> dict[str, Any]:
    """The Zalo account of a service as its settings name it."""
    account = next(one for one in system.runtime.settings.accounts if one.name == "zalo")
    plain = account.model_dump(exclude_none=True)
    return {
        name: [secret.get_secret_value() for secret in value]
        if isinstance(value, tuple)
        else getattr(value, "get_secret_value", lambda value=value: value)()
        for name, value in plain.items()
    }


def settings_of(system: System, databases: tuple[str, str], folder: Path, **more: str) -> Path:
    """The settings file of a running service."""
    said = {"data_dir": str(folder / "data"), "keys_dir": str(system.runtime.settings.keys_dir)}
    said |= {"database_url": databases[0], "keyring_url": databases[1], "public_url": system.base}
    return written(folder, {**said, "accounts": [{**zalo_of(system), **more}]})


async def consent(file: Path, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    """Run `nhipcau admin zalo-consent zalo`."""
    return await commands.nhipcau("admin", "zalo-consent", "zalo", *arguments, "--settings", str(file), typed=typed)


async def agreed(http: aiohttp.ClientSession, printed: str) -> str:
    """Open the printed address as an administrator would; return where Zalo sends the browser."""
    address = printed.splitlines()[0]
    async with http.get(address, allow_redirects=False) as answer:
        assert answer.status == 302
        return answer.headers["location"]


async def silenced(system: System) -> None:
    """Let Zalo take the grant away, and a cry wait for it."""
    system.world.zalo.tokens.revoke(refresh_too=True)
    await system.do("zalo_oa", "lan", "say", text="cuu em voi")

    async def waits() -> bool:
        return bool(await system.count("SELECT count(*) FROM ledger WHERE reason = 'needs a human'"))

    await until(waits, 20)
    assert await system.inbox("zalo_oa", "lan") == []


async def answers(system: System) -> None:
    """Wait until the cry is answered, with every clock moved on."""
    await system.advance(SILENCE)

    async def answered() -> bool:
        return any("113" in message["text"] for message in await system.inbox("zalo_oa", "lan"))

    await until(answered, 20)


def code_of(address: str) -> str:
    """Only the code."""
    return parse_qs(urlsplit(address).query)["code"][0]


FORMS: list[Any] = [
    pytest.param(lambda address: (("--code", code_of(address)), ""), id="the code"),
    pytest.param(lambda address: (("--code", address), ""), id="the whole address"),
    pytest.param(lambda address: (("--code", urlsplit(address).query), ""), id="its query"),
    pytest.param(lambda address: (("--code", "-"), f"{code_of(address)}\n"), id="the code, typed"),
    pytest.param(lambda address: (("--code", "-"), f"  {address} \n"), id="the whole address, typed"),
]


@pytest.mark.parametrize("form", FORMS)
async def test_the_code_of_a_consent_ends_the_silence(system, databases, tmp_path, form) -> None:
    """The grant is gone; the printed address is opened, what it brought is given: the cry that waited is answered."""
    file = settings_of(system, databases, tmp_path)
    await silenced(system)
    code, out, complaints = await consent(file, "--redirect", "https://nhipcau.example/zalo")
    assert (code, complaints) == (0, "")
    address = await agreed(system.http, out)
    arguments, typed = form(address)
    code, out, complaints = await consent(file, *arguments, typed=typed)
    assert (code, "the new grant is stored" in out) == (0, True)
    assert code_of(address) not in out + complaints
    await answers(system)


async def test_the_address_has_a_callback_without_being_told(system, databases, tmp_path) -> None:
    """The command as the alarm prints it is enough: the browser comes back to the public address."""
    code, out, _ = await consent(settings_of(system, databases, tmp_path))
    assert code == 0
    assert (await agreed(system.http, out)).startswith(system.base)


async def test_the_verifier_of_the_settings_goes_with_the_exchange(system, databases, tmp_path) -> None:
    """Where Zalo's console holds a code challenge, its verifier stands in the settings and is found by the exchange."""
    file = settings_of(system, databases, tmp_path, pkce_verifier=VERIFIER)
    _, out, _ = await consent(file)
    assert f"code_challenge={challenge_of(VERIFIER)}" in out
    address = await agreed(system.http, out)
    code, _, complaints = await consent(file, "--code", address)
    assert (code, complaints) == (0, "")


REFUSED: list[Any] = [
    pytest.param("not-a-code", "Zalo refused the code", id="unknown"),
    pytest.param("https://nhipcau.example/zalo?oa_id=1&state=x", "holds no code", id="no code in the address"),
    pytest.param("https://nhipcau.example/zalo?code=abc&oa_id=1", "another Official Account", id="another account"),
    pytest.param("", "holds no code", id="nothing"),
]


@pytest.mark.parametrize(("given", "sentence"), REFUSED)
async def test_what_is_no_consent_changes_nothing_and_says_why(system, databases, tmp_path, given, sentence) -> None:
    """One sentence with the way out, and the grant in force goes on."""
    await system.talk("zalo_oa", "lan", "xin chào")
    code, out, complaints = await consent(settings_of(system, databases, tmp_path), "--code", given)
    assert (code, out) == (1, "")
    assert sentence in complaints
    assert "nhipcau admin zalo-consent zalo" in complaints
    assert "Traceback" not in complaints
    assert await system.talk("zalo_oa", "lan", "menu")


async def test_a_code_that_was_used_is_refused_and_never_printed(system, databases, tmp_path) -> None:
    """The first use stays in force."""
    file = settings_of(system, databases, tmp_path)
    secret = system.world.zalo.tokens.grant_code()
    assert (await consent(file, "--code", secret))[0] == 0
    code, out, complaints = await consent(file, "--code", secret)
    assert (code, "works once" in complaints) == (1, True)
    assert secret not in out + complaints
    assert await system.talk("zalo_oa", "lan", "xin chào")


async def test_a_pasted_pair_answers_after_the_next_start(databases, tmp_path) -> None:
    """The old way works too: a new pair in the settings takes the place of a dead grant."""
    async with built(databases, tmp_path / "first") as first:
        await silenced(first)
    (tmp_path / "second").mkdir()
    (tmp_path / "first" / "keys").rename(tmp_path / "second" / "keys")
    async with built(databases, tmp_path / "second", staffed=False) as second:
        assert await second.talk("zalo_oa", "hoa", "cuu em voi")


async def run(set_up: Stage, file: Path) -> Any:
    """Start `nhipcau run` and wait until it says that it is ready."""
    process = await command(set_up, file)
    assert process.stdout is not None
    while await process.stdout.readline() != b"ready\n":
        assert process.returncode is None
    return process


async def heard(set_up: Stage, user: str, text: str, seconds: float) -> None:
    """Say something on Zalo and wait for more than was there."""
    before = len(await set_up.inbox("zalo_oa", user))
    await set_up.say("zalo_oa", user, text)

    async def more() -> bool:
        return len(await set_up.inbox("zalo_oa", user)) > before

    await until(more, seconds)


async def test_the_restore_drill_ends_with_zalo_answering(server_folder, elsewhere, tmp_path) -> None:
    """As operations.md says it, with the old settings: restore, run, consent, release; then Zalo answers."""
    async with stage(server_folder) as set_up:
        file = written(tmp_path, set_up.settings)
        process = await run(set_up, file)
        await heard(set_up, "lan", "xin chào", 20)
        code, _, complaints = await commands.nhipcau("backup", str(tmp_path / "b"), "--settings", str(file))
        assert (code, complaints) == (0, "")
        process.kill()
        await process.wait()
        set_up.world.zalo.tokens.issue()  # it rotated since: what the settings name is spent
        there = {**set_up.settings, "database_url": elsewhere[0], "keyring_url": elsewhere[1]}
        file = written(tmp_path, there)
        [folder] = (tmp_path / "b").iterdir()
        key = str(server_folder / "keys" / "recovery.private")
        code, _, complaints = await commands.nhipcau(
            "restore", str(folder), "--recovery-key", key, "--settings", str(file)
        )
        assert (code, complaints) == (0, "")
        process = await run(set_up, file)
        address = await agreed(set_up.http, (await consent(file))[1])
        code, out, _ = await consent(file, "--code", "-", typed=f"{address}\n")
        assert (code, "Zalo answers with it" in out) == (0, True)
        code, _, complaints = await commands.nhipcau("release", "--yes", "--settings", str(file))
        assert (code, complaints) == (0, "")
        await heard(set_up, "hoa", "cuu em voi", 90)
