"""The recipe of a due job: whoever plans it, and what does it; a kind that nobody does is named."""

from __future__ import annotations

import pytest

from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Tree

DUE_JOB = recipe("a due job")
REGISTRY = "tests/scheduler/jobs/test_registry.py"
DONE = f"{REGISTRY}::test_every_kind_has_a_job"
NUMBERS = f"{REGISTRY}::test_the_numbers_in_stored_rows_keep_their_meaning"
pytestmark = pytest.mark.application


def test_a_due_job_is_done(tree: Tree, lent: str) -> None:
    """Every kind has its number and its job, and the job does its work when its moment has come."""
    tree.apply(DUE_JOB.edits)
    tests = tree.test(DONE, NUMBERS, "tests/recipes/proofs/due_job.py", lent=lent)
    assert tests.code == 0, tests.printed


@pytest.mark.parametrize("refusal", DUE_JOB.refusals, ids=lambda refusal: refusal.without)
def test_a_due_job_without_a_step_is_refused(tree: Tree, refusal: Refusal) -> None:
    """The test of kinds and jobs names the kind and where its job belongs."""
    tree.apply(DUE_JOB.left_out(refusal))
    refused = tree.test(DONE)
    assert refused.code == 1
    assert refusal.says in refused.printed
