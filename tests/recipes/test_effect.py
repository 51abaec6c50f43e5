"""The recipe of an effect: a class and a handler; without the handler nothing of the batch is kept, and it is said."""

from __future__ import annotations

import pytest

from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Tree

EFFECT = recipe("an effect")
REGISTRY = "tests/store/effects/test_registry.py"
PROOF = "tests/recipes/proofs/effect.py"
pytestmark = pytest.mark.application


def test_an_effect_is_applied(tree: Tree, lent: str) -> None:
    """Its class and its handler name each other, and a batch that holds it changes the plan."""
    tree.apply(EFFECT.edits)
    tested = ("every_effect_has_a_handler", "every_handler_is_for_an_effect_of_the_store")
    tests = tree.test(*(f"{REGISTRY}::test_{name}" for name in tested), PROOF, lent=lent)
    assert tests.code == 0, tests.printed


@pytest.mark.parametrize("refusal", EFFECT.refusals, ids=lambda refusal: refusal.without)
def test_an_effect_without_a_step_is_refused(tree: Tree, refusal: Refusal, lent: str) -> None:
    """The batch is an error that names the effect and where its handler belongs."""
    tree.apply(EFFECT.left_out(refusal))
    refused = tree.test(PROOF, lent=lent)
    assert refused.code == 1
    assert refusal.says in refused.printed
