"""The recipe of a card: two files, read on its shelf at once, and refused without its translation or its review."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from content.loader import load
from flows.engine.conversation import Conversation
from tests.flows.standings import said, standing, type_
from tests.recipes.document import Refusal, recipe
from tests.recipes.tree import Tree
from tests.support.content import conversation

CARD = recipe("a card")
pytestmark = pytest.mark.application


def test_a_card_is_said(tree: Tree) -> None:
    """The check is content, the tests of cards and shelves pass, and on its shelf the card is one number away."""
    tree.apply(CARD.edits)
    assert check(tree).exit_code == 0
    tests = tree.test("tests/content/cards/test_cards.py", "tests/flows/features/test_shelves.py")
    assert tests.code == 0, tests.printed
    content = Conversation(load(tree.root / "content" / "data"), conversation().groups)
    for lang in ("vi", "en"):
        assert read(content, lang).startswith(content.library.cards["leave.rest"][lang].text)


def read(content: Conversation, lang: str) -> str:
    """Open the shelf, turn its pages to the card and choose it; what is said then."""
    page, _ = type_(content, standing(content, "Topics:journey", lang), "1")
    for _ in range(content.pages("leaving")):
        offered = [choice.value for choice in page.session.prompt]
        if "leave.rest" in offered:
            break
        page, _ = type_(content, page, str(offered.index("page") + 1))
    _, effects = type_(content, page, str(offered.index("leave.rest") + 1))
    return said(effects)[0].text


def check(tree: Tree) -> Result:
    """Run `nhipcau check` on the content of the tree."""
    return CliRunner().invoke(app, ["check", "--content", str(tree.root / "content" / "data")])


@pytest.mark.parametrize("refusal", CARD.refusals, ids=lambda refusal: refusal.without)
def test_a_card_without_a_step_is_refused(tree: Tree, refusal: Refusal) -> None:
    """The check fails and names file, line and remedy."""
    tree.apply(CARD.left_out(refusal))
    checked = check(tree)
    assert checked.exit_code == 1
    assert refusal.says in checked.stdout.splitlines()
