"""What answers when we are down: written, read back, changed behind our back, and found out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.fallback.platform_texts import CONFIRMED_FOR, check_static, confirm_sheet, sheets, write_static
from content.loader import PACKAGED, load
from content.platform_texts import COMMANDS, LIMITS, static_sheet, static_texts
from flows.understanding import understand
from store import audit
from tests.integration.processes.test_run_command import written
from tests.support.commands import nhipcau
from tests.support.content import library
from tests.support.stage import stage
from tests.support.system import System

LIBRARY = library()


async def in_order(system: System) -> None:
    """Write, paste and confirm everything."""
    await write_static(system.runtime)
    system.world.zalo.description = LIBRARY.say("static.zalo.about", "vi").text
    for account in ("zalo", "zalo-bot"):
        await confirm_sheet(system.runtime, account, "hoaban")


async def test_written_texts_are_what_the_platform_shows_and_no_alarm_is_raised(system: System) -> None:
    """Description, short description and commands stand there in each language; a second writing has nothing to do."""
    before = await check_static(system.runtime)
    assert len([sentence for sentence in before if "telegram" in sentence]) == 9
    await in_order(system)
    profile = system.world.telegram.profile
    vi, en = (static_texts(LIBRARY, lang) for lang in ("vi", "en"))
    assert profile.descriptions == {"": vi.description, "vi": vi.description, "en": en.description}
    assert profile.short_descriptions == {"": vi.short, "vi": vi.short, "en": en.short}
    assert [row["command"] for row in profile.commands["en"]] == list(COMMANDS)
    assert (await write_static(system.runtime))[0] == "account telegram: nothing to write"
    system.runtime.alarms.clear()
    assert await check_static(system.runtime) == []
    assert system.runtime.alarms == []


@pytest.mark.parametrize(
    ("field", "language", "value", "named"),
    [
        ("descriptions", "", "Gọi số này: 0900 000 000", "the description (default)"),
        ("descriptions", "en", "", "the description (en)"),
        ("short_descriptions", "vi", "Đang bảo trì", "the short description (vi)"),
        ("commands", "", [], "the list of commands (default)"),
    ],
)
async def test_a_text_changed_by_hand_is_an_alarm(
    system: System, field: str, language: str, value: Any, named: str
) -> None:
    """Whoever has the bot's password may change its page; the next check names what and where."""
    await in_order(system)
    getattr(system.world.telegram.profile, field)[language] = value
    system.runtime.alarms.clear()
    sentences = await check_static(system.runtime)
    assert len(sentences) == 1
    assert named in sentences[0]
    assert system.runtime.alarms == sentences


async def test_a_number_that_changed_in_the_content_is_an_alarm_everywhere(system: System, tmp_path: Path) -> None:
    """A service gets another number: every platform that shows the old one is named, and so is the sheet."""
    await in_order(system)
    system.runtime.library = load(with_another_number(tmp_path / "content"))
    sentences = await check_static(system.runtime)
    assert len([sentence for sentence in sentences if "description" in sentence and "telegram" in sentence]) == 6
    assert any("texts have changed since its console was confirmed" in sentence for sentence in sentences)
    assert any("description in its console is not that of the sheet" in sentence for sentence in sentences)


def with_another_number(folder: Path) -> Path:
    """Copy the content, with another consular number."""
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = folder / "services" / "vn.yaml"
    text = file.read_text("utf-8")
    assert text.count("+84 981 84 84 84") == 1
    file.write_text(
        text.replace("+84 981 84 84 84", "+84 900 000 000").replace("+84981848484", "+84900000000"), "utf-8"
    )
    return folder


async def test_a_console_counts_only_when_a_human_has_confirmed_it_lately(system: System) -> None:
    """Never confirmed, confirmed, and confirmed too long ago; the word stands in the audit chain."""
    await write_static(system.runtime)
    system.world.zalo.description = LIBRARY.say("static.zalo.about", "vi").text
    assert ["nobody has confirmed" in sentence for sentence in await check_static(system.runtime)] == [
        True,
        True,
    ]
    with pytest.raises(ValueError, match="telegram has no sheet to confirm; the accounts that have one: zalo"):
        await confirm_sheet(system.runtime, "telegram", "hoaban")
    with pytest.raises(ValueError, match="name of the person"):
        await confirm_sheet(system.runtime, "zalo", "")
    for account in ("zalo", "zalo-bot"):
        await confirm_sheet(system.runtime, account, "hoaban")
    assert await check_static(system.runtime) == []
    async with system.store.data.connect() as conn:
        assert isinstance(await audit.verify(conn, system.store.keys.audit), audit.ChainVerified)
    await system.advance(CONFIRMED_FOR.total_seconds() + 60)
    assert any("more than 90 days ago" in sentence for sentence in await check_static(system.runtime))


async def test_a_platform_that_does_not_answer_is_not_called_changed(system: System) -> None:
    """Errors of the way are no differences; the other accounts are still looked at."""
    await in_order(system)
    faults = [{"channel": "telegram", "method": "getMyDescription", "kind": "5xx", "times": None}]
    async with system.http.post(f"{system.base}/__sim/faults", json=faults) as answer:
        assert answer.status == 200
    system.world.zalo.description = "khác"
    sentences = await check_static(system.runtime)
    assert len(sentences) == 1
    assert sentences[0].startswith("account zalo: the description in its console")


async def test_the_command_writes_checks_prints_and_confirms(server_folder: Path) -> None:
    """As an operator uses it: exit 1 while something differs, 0 when all is in order."""
    async with stage(server_folder) as set_up:
        file = written(server_folder, set_up.settings)

        async def command(*arguments: str) -> CommandResult:
            return CommandResult(*await nhipcau("fail-static", "--settings", str(file), *arguments))

        nothing = await command()
        assert (nothing.code, nothing.out) == (1, "")
        assert "say what to do: --write, --check" in nothing.err
        sheet = await command("--sheet", "--check")
        assert sheet.code == 1
        assert static_sheet(LIBRARY, "zalo_oa", "zalo", "vi") in sheet.out
        assert (await command("--confirm", "nobody", "--by", "hoaban")).code == 1
        set_up.world.zalo.description = LIBRARY.say("static.zalo.about", "vi").text
        assert (await command("--confirm", "zalo-bot", "--by", "hoaban")).code == 0
        done = await command("--confirm", "zalo", "--by", "hoaban", "--write", "--check")
        assert done.code == 0, done
        assert done.out.splitlines()[-1] == "every platform says what the content says"


@dataclass
class CommandResult:
    """A command that has ended."""

    code: int
    out: str
    err: str


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_texts_fit_their_places_and_show_numbers_of_two_bodies(lang: str) -> None:
    """Within Telegram's limits, neutral at first sight, with a number from abroad and two bodies."""
    texts = static_texts(LIBRARY, lang)
    assert len(texts.description) <= LIMITS["static.description"]
    assert len(texts.short) <= LIMITS["static.short"]
    for text in (texts.description, texts.short):
        assert LIBRARY.is_neutral(text)
        shown = [s for s in LIBRARY.services.values() if s.numbers and s.numbers[0].display in text.replace(",", " ")]
        assert any(service.numbers[0].number.startswith("+84") for service in shown)
    bodies = {s.body for s in LIBRARY.services.values() if s.numbers and s.numbers[0].display in texts.description}
    assert len(bodies) > 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_offered_is_understood(name: str) -> None:
    """A command pressed from the list is no riddle."""
    heard = understand(f"/{name}", LIBRARY.lexicon)
    assert heard.intent or heard.topic or heard.level


async def test_a_sheet_is_made_for_every_console_and_has_all_its_texts(system: System) -> None:
    """Each text of the sheet stands under the name of its place, in both languages."""
    made = sheets(system.runtime)
    assert made.keys() == {"zalo", "zalo-bot"}
    sheet = made["zalo"]
    for lang in ("vi", "en"):
        for name in LIBRARY.limits["zalo_oa"].sheet:
            card = LIBRARY.card(name, lang)
            assert card.title
            assert f"── {card.title} ──\n{LIBRARY.say(card.id, lang).text}" in sheet
