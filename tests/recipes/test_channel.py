"""The recipe of a channel: five new files, no module of anybody else; without its limits it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.db.engine import Store
from tests.recipes.document import ROOT, Edit
from tests.recipes.tree import Tree

TEXTS = Path(__file__).parent / "channel"
FILES = {
    "bot/channels/sms/__init__.py": "package.txt",
    "bot/channels/sms/channel.py": "channel.txt",
    "bot/channels/sms/adapter.py": "adapter.txt",
    "bot/channels/sms/reader.py": "reader.txt",
    "content/data/channels/sms.yaml": "limits.txt",
}
LIMITS = "content/data/channels/sms.yaml"
EDITS = tuple(Edit(path, (TEXTS / text).read_text("utf-8")) for path, text in FILES.items())
MOST_FILES = 5
pytestmark = pytest.mark.application


def test_a_channel_is_few_files_of_its_own() -> None:
    """A new channel is its package and its limits, and changes no file that is there."""
    assert len(EDITS) <= MOST_FILES
    assert all(edit.anchor is None and not (ROOT / edit.path).exists() for edit in EDITS)


def test_a_message_goes_in_and_an_answer_out(
    tree: Tree, store: Store, databases: tuple[str, str], tmp_path: Path
) -> None:
    """The check is content, nobody outside the package knows the channel, and a cry for help is answered."""
    tree.apply(EDITS)
    checked = tree.check()
    assert checked.code == 0, checked.printed
    tests = tree.test("tests/architecture/test_channels.py", "tests/bot/channels/test_registry.py")
    assert tests.code == 0, tests.printed
    proved = tree.run("-m", "tests.recipes.proofs.channel", *databases, tmp_path / "keys")
    assert proved.printed.splitlines()[-1] == "[401, 200]: the numbers"


def test_a_channel_without_limits_is_named(tree: Tree) -> None:
    """The check says which file is missing."""
    tree.apply(edit for edit in EDITS if edit.path != LIMITS)
    checked = tree.check()
    assert checked.code == 1
    assert "channels/:1: the limits of sms are missing; add channels/sms.yaml" in checked.printed.splitlines()
