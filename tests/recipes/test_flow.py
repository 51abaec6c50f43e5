"""The recipe of a flow: one new action in code; what keeps something unasked, or was never read through, is refused."""

from __future__ import annotations

import pytest

from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Ended, Tree

FLOW = recipe("a flow with a new action")
TRANSCRIPTS = "tests/flows/engine/test_step_cases.py"
pytestmark = pytest.mark.application


def test_a_flow_is_one_place_in_code() -> None:
    """All else is what the flow says, and a conversation that reads it through."""
    assert [path for path in FLOW.paths() if path.endswith(".py")] == ["flows/features/questionnaires.py"]


def test_the_action_runs_in_a_conversation(tree: Tree) -> None:
    """The check finds nothing, and the transcript of the recipe goes as written, as do all others."""
    tree.apply(FLOW.edits)
    checked = tree.check()
    assert checked.code == 0, checked.printed
    played = tree.test(TRANSCRIPTS)
    assert played.code == 0, played.printed


@pytest.mark.parametrize("refusal", FLOW.refusals, ids=lambda refusal: refusal.without)
def test_a_flow_without_a_step_is_refused(tree: Tree, refusal: Refusal) -> None:
    """The check or the test of transcripts names the action, the way to it, or the state."""
    tree.apply(FLOW.left_out(refusal))
    refused = unread(tree) if refusal.without.startswith("tests/") else tree.check()
    assert refused.code == 1
    assert refusal.says in refused.printed


def unread(tree: Tree) -> Ended:
    """Look for states that no transcript reads."""
    return tree.test(TRANSCRIPTS, "-k", "every_state")
