"""The recipe of a console page: one row of the table of routes says who may open it, or the console does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.db.engine import Store
from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Ended, Tree

PAGE = recipe("a console page")
LABELS = ("tests/console/labels/test_labels.py", "-k", "says_everything or same_values or catalogue")
pytestmark = pytest.mark.application


def test_a_page_is_for_its_role(tree: Tree, store: Store, databases: tuple[str, str], tmp_path: Path) -> None:
    """Both languages say everything; a reviewer is led to the page, a counsellor is refused, nobody has to sign in."""
    tree.apply(PAGE.edits)
    tests = tree.test(*LABELS)
    assert tests.code == 0, tests.printed
    proved = tree.run("-m", "tests.recipes.proofs.page", *databases, tmp_path / "keys")
    assert proved.last == "bientap 200 True True, hoaban 403 False False, nobody 303", proved.printed


@pytest.mark.parametrize("refusal", PAGE.refusals, ids=lambda refusal: refusal.without)
def test_a_page_without_a_step_is_refused(tree: Tree, refusal: Refusal) -> None:
    """The console does not start, or the test of labels fails; both say what is missing."""
    tree.apply(PAGE.left_out(refusal))
    refused = tree.test(*LABELS) if refusal.without.endswith(".po") else start(tree)
    assert refused.code == 1
    assert refusal.says in refused.printed


def start(tree: Tree) -> Ended:
    """Import the console as a service does that starts."""
    return tree.run("-c", "import console.app")
