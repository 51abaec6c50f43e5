"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SettingsFile = Annotated[
    Path | None, typer.Option("--settings", envvar="NHIPCAU_SETTINGS", help="A TOML file with settings.")
]
