"""A copy of the tree, as it was for each test of a recipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.db.engine import Store
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


@pytest.fixture
def lent(store: Store, databases: tuple[str, str], tmp_path: Path) -> str:
    """Databases that a proof may use, in which nobody works yet."""
    return " ".join((*databases, str(tmp_path / "keys")))
