"""The recipe of a due job: whoever plans it, and what does it; a kind that nobody does is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.db.engine import Store
from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Tree

DUE_JOB = recipe("a due job")
REGISTRY = ("tests/scheduler/jobs/test_registry.py", "-k", "kind_has_a_job or numbers")
pytestmark = pytest.mark.application


def test_a_due_job_is_done(tree: Tree, store: Store, databases: tuple[str, str], tmp_path: Path) -> None:
    """The tests of kinds and jobs pass, and the job does its work when its moment has come."""
    tree.apply(DUE_JOB.edits)
    tests = tree.test(*REGISTRY)
    assert tests.code == 0, tests.printed
    proved = tree.run("-m", "tests.recipes.proofs.due_job", *databases, tmp_path / "keys")
    assert proved.last == "proposed then refused", proved.printed


@pytest.mark.parametrize("refusal", DUE_JOB.refusals, ids=lambda refusal: refusal.without)
def test_a_due_job_without_a_step_is_refused(tree: Tree, refusal: Refusal) -> None:
    """The test of kinds and jobs names the kind and where its job belongs."""
    tree.apply(DUE_JOB.left_out(refusal))
    tests = tree.test(*REGISTRY)
    assert tests.code == 1
    assert refusal.says in tests.printed
