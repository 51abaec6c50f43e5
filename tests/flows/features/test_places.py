"""Where she is, typed at the question for it: a country or a province named alone is the answer, nothing else is."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, NoteOnCase
from flows.model.facts import CaseSeen
from tests.flows.standings import BESIDE_HUMAN, said, standing, type_

OPEN = CaseSeen("c1", "K7M2", 3)

PLACES = [
    *(
        ("campuchia", "abroad:KH"),
        ("em ở campuchia", "abroad:KH"),
        ("Cam pu chia ạ", "abroad:KH"),
        ("ở cam", "abroad:KH"),
    ),
    *(("tq", "abroad:CN"), ("quảng châu", "abroad:CN"), ("bên tàu", "abroad:CN"), ("o trung quoc", "abroad:CN")),
    *(
        ("sihanoukville", "abroad:KH"),
        ("em đang ở myanmar", "abroad:MM"),
        ("bên lào", "abroad:LA"),
        ("lào", "abroad:LA"),
    ),
    *(("ở nước ngoài", "abroad"), ("nước Nga", "abroad"), ("dubai", "abroad"), ("vn", "vn"), ("em ở việt nam ạ", "vn")),
    *(("điện biên", "vn"), ("em ở điện biên", "vn"), ("dien bien", "vn"), ("hà nội", "vn"), ("tỉnh Thanh Hóa", "vn")),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_a_place_named_alone_is_her_place(text: str, place: str, content: Conversation) -> None:
    """Numbers of that place at once, the case told, and her words with the people of the case."""
    for state in ("GetHelp:where", "GetHelp:country"):
        after, effects = type_(content, standing(content, state, case=OPEN), text)
        assert (after.session.place, after.session.state) == (place, "GetHelp:write_back")
        assert NoteOnCase("where", place) in effects
        assert said(effects)[0] == content.emergency(place, "vi")


@pytest.mark.parametrize(
    "text",
    ["em ngã", "em nga", "cam", "em có thai", "trên tàu", "ở nhà", "ở rừng", "mường chà", "nhà em ở xa", "nó ở lào"],
)
def test_what_is_not_surely_a_place_is_left_to_people(text: str, content: Conversation) -> None:
    """No place is taken from it: the wrong numbers are worse than the question still standing."""
    after, effects = type_(content, standing(content, "GetHelp:where", case=OPEN), text)
    assert (after.session.place, after.session.state) == ("", "GetHelp:where")
    assert AddToCase(text) in effects


@pytest.mark.parametrize(("state", "text"), [("GetHelp:where", "không biết"), ("GetHelp:country", "bỏ qua ạ")])
def test_one_half_of_a_label_is_that_answer(state: str, text: str, content: Conversation) -> None:
    """ "Không biết, bỏ qua" is chosen by either."""
    after, _ = type_(content, standing(content, state, case=OPEN), text)
    assert after.session.state == "GetHelp:write_back"


def test_beside_a_human_a_place_is_for_the_human(content: Conversation) -> None:
    """The bot says nothing and takes nothing."""
    after, effects = type_(content, standing(content, "GetHelp:where", case=BESIDE_HUMAN), "campuchia")
    assert (after.session.place, said(effects)) == ("", [])
    assert AddToCase("campuchia") in effects
