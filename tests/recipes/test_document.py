"""CONTRIBUTING.md: six recipes, each with few places to touch and a sentence for whoever forgets one."""

from __future__ import annotations

import pytest

from tests.recipes.document import Recipe, recipes

PLACES = {
    "a card": 2,
    "a flow with a new action": 4,
    "a channel": 5,
    "a console page": 5,
    "a due job": 2,
    "an effect": 3,
}
"""How many files each recipe may touch at most, tests aside."""

RECIPES = recipes()


def test_every_recipe_has_a_limit() -> None:
    """The document has these recipes and no other."""
    assert set(RECIPES) == set(PLACES)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_a_recipe_touches_few_places(recipe: Recipe) -> None:
    """No recipe sends its reader to more files than its limit."""
    places = [path for path in recipe.paths() if not path.startswith("tests/")]
    assert 0 < len(places) <= PLACES[recipe.title]


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_a_recipe_says_what_happens_without_a_step(recipe: Recipe) -> None:
    """Each recipe has at least one step whose absence is told, and what is left out stands in it."""
    assert recipe.refusals
    for refusal in recipe.refusals:
        assert recipe.left_out(refusal) != recipe.edits


def test_an_edit_that_does_not_fit_is_a_failure() -> None:
    """A block without a file in front of it, or a file without a block, does not pass unread."""
    with pytest.raises(AssertionError, match="no block"):
        recipes("## Recipe: x\n\nNew file `a.py`:\n\nand no block.\n")
    with pytest.raises(AssertionError, match="no file"):
        recipes("## Recipe: x\n\nSomewhere:\n\n```python\nx = 1\n```\n")
