"""The recipe of a console page: one row of the table of routes says who may open it, or the console does not start."""

from __future__ import annotations

import pytest

from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Tree

PAGE = recipe("a console page")
SAID = "tests/console/labels/test_labels.py::test_vietnamese_says_everything"
pytestmark = pytest.mark.application


def test_a_page_is_for_its_roles(tree: Tree, lent: str) -> None:
    """Both languages say everything; a reviewer reads the page, a counsellor is refused, nobody has to sign in."""
    tree.apply(PAGE.edits)
    tests = tree.test(SAID, "tests/recipes/proofs/page.py", lent=lent)
    assert tests.code == 0, tests.printed


@pytest.mark.parametrize("refusal", PAGE.refusals, ids=lambda refusal: refusal.without)
def test_a_page_without_a_step_is_refused(tree: Tree, refusal: Refusal) -> None:
    """The console does not start, or the test of labels fails; both say what is missing."""
    tree.apply(PAGE.left_out(refusal))
    refused = tree.test(SAID) if refusal.without.endswith(".po") else tree.run("-c", "import console.app")
    assert refused.code == 1
    assert refusal.says in refused.printed
