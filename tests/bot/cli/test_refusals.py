"""Refused commands: one sentence with the reason and the way out, in the language of the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.serve import language
from store.db.engine import Store
from store.errors import Refused
from store.refusals import Refusal
from store.staff.models import COUNSELLOR
from tests.integration.backup.test_commands import settings_file
from tests.support import commands
from tests.support.staff import PASSPHRASE, hire
from tests.support.still_clock import StillClock

STAFF = ("admin", "staff")
NEW = (*STAFF, "add", "moi", "--alias", "Mới", "--role")
UNKNOWN = Refused(Refusal.LOGIN_UNKNOWN, login="ai")
REFUSED = [
    (("release", "--yes"), "", Refused(Refusal.NOT_ON_HOLD)),
    (("admin", "scope", "ai", "nation"), "", UNKNOWN),
    (("admin", "languages", "ai", "--lang", "vi"), "", UNKNOWN),
    ((*NEW, "counsellor"), "ngắn quá\nngắn quá\n", Refused(Refusal.PASSPHRASE_SHORT, shortest=15)),
    ((*STAFF, "suspend", "ai"), "", UNKNOWN),
    ((*STAFF, "suspend", "hoaban"), "", Refused(Refusal.NO_READER_LEFT)),
    ((*STAFF, "return", "hoaban"), "", Refused(Refusal.STAFF_NOT_SUSPENDED, login="hoaban")),
    (
        (*STAFF, "passphrase", "hoaban"),
        f"không phải mật khẩu\n{PASSPHRASE} 2\n{PASSPHRASE} 2\n",
        Refused(Refusal.PASSPHRASE_WRONG),
    ),
    (("admin", "forget"), "9999\n", Refused(Refusal.FORGET_CASE_UNKNOWN)),
    (
        ("restore", "/nowhere", "--recovery-key", "{keys}/recovery.private"),
        "",
        Refused(Refusal.NO_BACKUP, folder="/nowhere", name="manifest.json"),
    ),
]
"""What is asked for, what is typed, and why it is refused."""


@pytest.mark.parametrize(("locale", "lang"), [("vi_VN.UTF-8", "vi"), ("C.UTF-8", "en")])
async def test_a_refused_command_says_its_reason_in_the_language_of_the_terminal(
    store: Store, databases: tuple[str, str], tmp_path: Path, locale: str, lang: str
) -> None:
    """The sentence of the table of refusals, no traceback, and exit code 1."""
    await hire(store, StillClock().now(), "hoaban", COUNSELLOR)
    settings = str(settings_file(tmp_path, tmp_path / "keys", databases, "here"))
    for arguments, typed, refused in REFUSED:
        order = [one.format(keys=tmp_path / "keys") for one in arguments]
        code, _, complaints = await commands.nhipcau(*order, "--settings", settings, typed=typed, locale=locale)
        assert (code, complaints.splitlines()[-1]) == (1, refused.sentence(lang)), arguments
        assert "Traceback" not in complaints


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "vi_VN"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "vi", "LC_ALL": "", "LC_MESSAGES": ""}, "vi"),
    ],
)
def test_the_first_variable_of_the_locale_says_the_language(environment: dict[str, str], lang: str) -> None:
    """LC_ALL, then LC_MESSAGES, then LANG, as POSIX has it; English where none is Vietnamese."""
    assert language(environment) == lang
