"""What the Union's reports name, and the conversation in which the bot serves it (field systems by their row)."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from flows.engine.conversation import Conversation
from tests.flows.transcripts import cases, play


class FieldSystem(NamedTuple):
    """One system of the field, the transcript that serves it, and a state that must be walked through in it."""

    system: str
    transcript: str
    state: str


SYSTEMS = {
    3: FieldSystem(
        "leaders-of-change clubs",
        "quiz_and_youth: a child is told of 111 and of our duty before anything else, and nothing is kept",
        "Youth:done",
    ),
    5: FieldSystem(
        "women's safe-migration groups",
        "checklist: she asks for the ticks to be kept, finds them later, and lets them go",
        "Checklist:resume",
    ),
    6: FieldSystem(
        "the Peace House",
        "field_systems: a woman who needs a safe place agrees to a word with the Peace House, and the case says so",
        "GetHelp:share",
    ),
    7: FieldSystem("shelters", "returning: from the menu through every page and back", "Returning:about"),
    8: FieldSystem(
        "111, and the duty to tell it of a child",
        "field_systems: a child asks for help and 111 comes before anything else, then the case is a child's",
        "GetHelp:queued",
    ),
    9: FieldSystem(
        "hotlines of a provincial Union",
        "unions: the Union of the old Soc Trang: a number not confirmed is not given, others are",
        "Services:union",
    ),
    10: FieldSystem("offices for women who return (OSSO)", "returning: what she types leads there", "Returning:choose"),
    13: FieldSystem(
        "self-managed savings and credit", "returning: work, training and savings as a directory", "Livelihood:about"
    ),
    15: FieldSystem(
        "technology for women's work", "returning: work, training and savings as a directory", "Livelihood:about"
    ),
    20: FieldSystem("free legal aid", "returning: free legal advice is found by its name", "Returning:about"),
    21: FieldSystem("legal papers", "returning: each paper has its place and what to bring", "Papers:about"),
    24: FieldSystem(
        "how a victim is identified",
        "field_systems: whoever waits to be recognised reads the steps, and that help does not wait for them",
        "Topics:card",
    ),
    25: FieldSystem(
        "everybody's vigilance",
        "telling: a tip is three coded answers and a commune, sent only after the yes",
        "Tip:sent",
    ),
    26: FieldSystem("the law in plain words", "law: afraid of a fine for the path over the border", "Returning:about"),
}
CASES = dict(cases())


@pytest.mark.parametrize("served", SYSTEMS.values(), ids=[f"row {row}" for row in SYSTEMS])
def test_a_system_of_the_field_has_its_conversation(served: FieldSystem, content: Conversation) -> None:
    """The transcript exists and passes through the part of the bot that serves this system."""
    states = {played.session.state for _, played in play(CASES[served.transcript], content)}
    assert served.state in states, served.system
