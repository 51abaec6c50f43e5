"""All recipes in one tree: they do not stand in each other's way, and the house's rules hold for what they add."""

from __future__ import annotations

import shutil

import pytest

from tests.recipes.document import ROOT, recipes
from tests.recipes.tree import Tree

TYPES = ".mypy_cache"
"""What is known of the types of everything else; without it they would be looked at for a minute."""

RULES = (
    "tests/architecture",
    "tests/docs/test_glossary.py",
    "tests/docs/test_docs.py::test_every_setting_is_documented",
)
pytestmark = pytest.mark.application


def test_what_the_recipes_add_keeps_the_rules(tree: Tree) -> None:
    """Types, imports, names, layers, settings and glossary are right with all of it."""
    for recipe in recipes().values():
        tree.apply(recipe.edits)
    checks = [tree.tool("lint-imports"), tree.test(*RULES)]
    if (ROOT / TYPES).is_dir():
        shutil.copytree(ROOT / TYPES, tree.root / TYPES, dirs_exist_ok=True)
        checks.append(tree.tool("mypy"))
    assert [ended.printed for ended in checks if ended.code] == []
