"""A copy of the tree, as it was for each test of a recipe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.recipes.tree import Tree, copy_tree


@pytest.fixture(scope="session")
def shared_tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A copy of the project for all recipes of this process."""
    return copy_tree(tmp_path_factory.mktemp("tree"))


@pytest.fixture
def tree(shared_tree: Tree) -> Iterator[Tree]:
    """A copy of the project that the test may change with edits; they are undone when it ends."""
    yield shared_tree
    shared_tree.restore()
