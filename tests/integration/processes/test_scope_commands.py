"""Scopes at the command line: written as the help says, stored in one form, refused or missed in a sentence."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.app import open_application
from bot.runtime import Runtime
from store.staff.models import staff
from tests.integration.backup.test_commands import nhipcau, settings_file
from tests.support.content import reviewed

WORDS = "cầu tre lắc lẻo gập ghềnh"


async def scope_of(system, login: str) -> str | None:
    """What stands in a member's row; None when there is no such member."""
    async with system.store.data.connect() as conn:
        return (await conn.execute(select(staff.c.scope).where(staff.c.login == login))).scalar_one_or_none()


@pytest.fixture
def here(system, databases, tmp_path):
    """The settings of the service under test."""
    return settings_file(tmp_path, system.runtime.settings.keys_dir, databases, "here")


@pytest.mark.parametrize(
    ("written", "stored"),
    [((), "vn"), (("--scope", "nation"), "vn"), (("--scope", "11"), "vn-11"), (("--scope", "03172"), "vn-11-03172")],
    ids=["without one", "the nation", "a province's code", "a commune's code"],
)
async def test_a_member_gets_the_scope_that_was_meant(system, here, written, stored) -> None:
    """The default and every way to write one that the help names."""
    order = ("admin", "staff", "tinhmoi", "--alias", "Tỉnh mới", "--role", "prov_admin", *written)
    code, out, _ = await nhipcau(here, *order, typed=f"{WORDS}\n{WORDS}\n")
    assert (code, "tinhmoi was created" in out) == (0, True)
    assert await scope_of(system, "tinhmoi") == stored


@pytest.mark.parametrize("written", ["nahtion-typo", "quang-tri-xyz", "vn-1", "vn-99", "99999", ""])
async def test_a_mistyped_scope_makes_no_member(system, here, written) -> None:
    """One sentence says how to write one; nobody was created."""
    order = ("admin", "staff", "tinhmoi", "--alias", "Tỉnh mới", "--role", "prov_admin", "--scope", written)
    code, _, complaints = await nhipcau(here, *order, typed=f"{WORDS}\n{WORDS}\n")
    assert code == 1
    assert f'There is no area "{written}"' in complaints
    assert "vn-11-03172" in complaints
    assert await scope_of(system, "tinhmoi") is None


async def test_every_admin_command_says_who_may_act_nowhere_until_it_is_mended(system, here) -> None:
    """A scope that names no area, written before anybody looked, is told with the command that mends it."""
    async with system.store.data.begin() as conn:
        await conn.execute(update(staff).where(staff.c.login == "nasang").values(scope="na-sang"))
    _, _, complaints = await nhipcau(here, "audit", "verify")
    assert 'the scope "na-sang" of nasang names no area' in complaints
    code, _, complaints = await nhipcau(here, "admin", "scope", "nasang", "vn-1")
    assert (code, 'There is no area "vn-1"' in complaints) == (1, True)
    code, out, complaints = await nhipcau(here, "admin", "scope", "nasang", "03172")
    assert (code, out, complaints) == (0, "nasang works for vn-11-03172\n", "")
    assert await scope_of(system, "nasang") == "vn-11-03172"


async def test_a_service_says_at_its_start_who_may_act_nowhere(system) -> None:
    """It is an alarm: a human is needed, the service runs."""
    async with system.store.data.begin() as conn:
        await conn.execute(update(staff).where(staff.c.login == "duyettin").values(scope="vn-1"))
    known = system.runtime
    again = Runtime(known.settings, known.store, known.data_uri, known.library, known.clock)
    await open_application(again, reviewed())
    for endpoint in again.endpoints.values():
        await endpoint.channel.close()
    assert [alarm for alarm in again.alarms if 'the scope "vn-1" of duyettin' in alarm]
