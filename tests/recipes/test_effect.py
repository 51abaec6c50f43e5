"""The recipe of an effect: a class and a handler; without the handler nothing of the batch is kept, and it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.db.engine import Store
from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Tree

EFFECT = recipe("an effect")
PROOF = ("-m", "tests.recipes.proofs.effect")
pytestmark = pytest.mark.application


def test_an_effect_is_applied(tree: Tree, store: Store, databases: tuple[str, str], tmp_path: Path) -> None:
    """The tests of effects pass, and a batch that holds it changes the plan."""
    tree.apply(EFFECT.edits)
    tests = tree.test("tests/store/effects/test_registry.py", "-k", "not is_an_error")
    assert tests.code == 0, tests.printed
    proved = tree.run(*PROOF, *databases, tmp_path / "keys")
    assert proved.last == "her hours are 14:00 to 16:00", proved.printed


@pytest.mark.parametrize("refusal", EFFECT.refusals, ids=lambda refusal: refusal.without)
def test_an_effect_without_a_step_is_refused(
    tree: Tree, refusal: Refusal, store: Store, databases: tuple[str, str], tmp_path: Path
) -> None:
    """The batch is an error that names the effect and where its handler belongs."""
    tree.apply(EFFECT.left_out(refusal))
    refused = tree.run(*PROOF, *databases, tmp_path / "keys")
    assert refused.code == 1
    assert refused.last.endswith(refusal.says)
