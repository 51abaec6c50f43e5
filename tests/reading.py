"""The content and the flows of this house, read once for all tests of a process; and copies of it to spoil."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

from content.library import Library
from content.loader import PACKAGED
from flows.conversation import Conversation, load_all


@functools.cache
def conversation() -> Conversation:
    """The packaged content and flows, compiled."""
    return load_all()


def library() -> Library:
    """The packaged content."""
    return conversation().library


def copy_content(folder: Path) -> Path:
    """Copy the packaged content, without its sound, into a folder that a test may spoil."""
    for name in ("vi", "en", "services", "lexicon", "channels"):
        shutil.copytree(PACKAGED / name, folder / name)
    for path in PACKAGED.iterdir():
        if path.suffix in (".yaml", ".csv"):
            shutil.copy(path, folder)
    return folder
