"""The recipe of a channel: new files and no foreign module; without its limits, or asked by name, it is refused."""

from __future__ import annotations

import pytest

from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Tree

CHANNEL = recipe("a channel")
ALONE = "tests/architecture/test_channels.py"
REGISTERED = "tests/bot/channels/test_registry.py"
DOCUMENTED = "tests/architecture/test_settings.py"
pytestmark = pytest.mark.application


def test_a_channel_touches_no_module_that_is_there() -> None:
    """A new channel is its package and its limits, and a row for whoever runs it."""
    assert [edit.path for edit in CHANNEL.edits if edit.anchor is not None] == ["docs/operations.md"]


def test_a_message_goes_in_and_an_answer_out(tree: Tree, lent: str) -> None:
    """The check is content, the settings are documented, and a cry for help is answered."""
    tree.apply(CHANNEL.edits)
    checked = tree.check()
    assert checked.code == 0, checked.printed
    tests = tree.test(REGISTERED, DOCUMENTED, "tests/recipes/proofs/channel.py", lent=lent)
    assert tests.code == 0, tests.printed


@pytest.mark.parametrize("refusal", CHANNEL.refusals, ids=lambda refusal: refusal.without)
def test_a_channel_without_a_step_is_refused(tree: Tree, refusal: Refusal) -> None:
    """The check names the file that is missing, the tests whoever asks for a channel by its name."""
    tree.apply(CHANNEL.left_out(refusal))
    refused = tree.test(f"{ALONE}::test_nothing_outside_its_package_names_a_channel") if refusal.added else tree.check()
    assert refused.code == 1
    assert refusal.says in refused.printed
