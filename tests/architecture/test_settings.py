"""Settings that can be given are settings that can be looked up: `docs/operations.md` names every one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot.channels.accounts import Account
from bot.channels.registry import channels
from bot.config.settings import Settings

TABLES = ("Settings", "Settings of an account")
ROWS = re.compile(r"^\| (`[^|]+) \|[^\n]*$", re.MULTILINE)


def documented() -> dict[str, str]:
    """The row of every setting in the table of settings, and of every channel that has accounts."""
    page = Path("docs/operations.md").read_text(encoding="utf-8")
    text = "".join(page.partition(f"\n## {title}\n")[2].partition("\n## ")[0] for title in TABLES)
    return {name: row[0] for row in ROWS.finditer(text) for name in re.findall(r'`"?(\w+)"?`', row[1])}


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model inside an annotation."""
    if annotation is Account:
        yield from (found.account for found in channels().values())
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def lacking(settings: type[BaseModel], rows: dict[str, str]) -> list[str]:
    """The settings, and the parts of them, that no row names."""
    missing = [name for name in settings.model_fields if name not in rows]
    for name, field in settings.model_fields.items():
        for model in models(field.rebuild_annotation()):
            channel = model.model_fields.get("channel")
            told = rows.get(name, "")
            if channel is not None:
                [one] = get_args(channel.annotation)
                told = rows.get(one, "")
            parts = [part for part in model.model_fields if part != "channel"]
            missing += [f"{name}.{model.__name__}.{part}" for part in parts if f"`{part}`" not in told]
    return missing


def test_every_setting_is_documented() -> None:
    """Name, default and purpose of each stand in the table, the parts of an account in the row of its channel."""
    assert lacking(Settings, documented()) == []


@pytest.mark.parametrize("name", ["trusted_proxies", "accounts", "log_level"])
def test_setting_that_is_not_documented_is_found(name: str) -> None:
    """The comparison itself: without its row a setting is missed, and an account with all its parts."""
    rows = {one: row for one, row in documented().items() if one != name}
    assert name in lacking(Settings, rows)


def test_part_of_a_setting_that_is_not_documented_is_found() -> None:
    """A part that is told of one channel is not told of another."""
    rows = documented()
    rows["telegram"] = rows["telegram"].replace("`proxy`", "")
    assert [part.rpartition(".")[2] for part in lacking(Settings, rows)] == ["proxy"]
