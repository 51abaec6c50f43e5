"""The drawing of a flow names every state and every way out of it."""

from __future__ import annotations

from pathlib import Path

from flows.checks.draw import conversation_map, drawings
from flows.checks.graph import FlowGraph
from flows.engine.conversation import Conversation


def test_every_flow_is_drawn_with_all_its_states(content: Conversation) -> None:
    """One Mermaid diagram per flow file; a state that is missing in it cannot be discussed."""
    drawn = drawings(content.groups)
    for group in content.groups:
        text = drawn[group.name]
        assert text.startswith("stateDiagram-v2\n")
        assert all(f"{state.group}__{state.name} : {state.state}" in text for state in group.states)


def test_an_arrow_tells_its_trigger_and_conditions(content: Conversation) -> None:
    """The reader sees when a way is taken."""
    drawn = drawings(content.groups)
    assert "GetHelp__need --> GetHelp__queued : done [on_duty]" in drawn["GetHelp"]
    assert "%% everywhere: stop -> Exit:stopped" in drawn["Exit"]


def test_a_state_tells_what_it_says(content: Conversation) -> None:
    """A card by its id, a list of questions by its shelf, a state without words by nothing."""
    drawn = drawings(content.groups)
    assert "  Youth__start : Youth:start (youth_start)\n" in drawn["Youth"]
    assert "  Checker__job : Checker:job (question of check_job + checker_answers)\n" in drawn["Checker"]
    assert "  Exit__hidden : Exit:hidden\n" in drawn["Exit"]


def test_the_map_in_the_docs_is_the_one_of_today(content: Conversation) -> None:
    """Whoever moves a door draws it anew: `nhipcau flows draw map > docs/conversation.md`."""
    page = Path(__file__).parents[3] / "docs/conversation.md"
    assert page.read_text("utf-8") == conversation_map(FlowGraph(content.groups, content.library))
