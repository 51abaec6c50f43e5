"""Safety rule 2: the first bubble begins with what fits what she wrote, and no number is taken away for it."""

from __future__ import annotations

import msgspec
import pytest

from content.checks.run import structure_findings
from content.directory.situations import Situation
from flows.engine.conversation import Conversation
from tests.flows.standings import BESIDE_HUMAN, NOW, PLACES, said, standing, type_
from tests.support import content as shared_content

POISON = (
    "em uống thuốc sâu rồi",
    "em uong thuoc sau roi",
    "em vừa uống hết vỉ thuốc ngủ",
    "con em uống nhầm thuốc trừ sâu",
    "em ăn lá ngón rồi",
    "em cắt cổ tay rồi",
)
THOUGHTS = ("em không muốn sống nữa", "em muốn chết", "em muốn tự tử")
HOME = ("về nước", "to go home")


@pytest.fixture(scope="module")
def content() -> Conversation:
    """The conversation exactly as `run` loads it."""
    return shared_content.conversation()


@pytest.mark.parametrize("text", POISON)
def test_poison_and_self_harm_begin_with_the_nearest_person_and_the_ambulance(text: str, content: Conversation) -> None:
    """At home and where the place is not known 115 is the first number; nothing says to call only when it is safe."""
    for place in PLACES:
        for duty in (True, False):
            first = said(type_(content, standing(content, "Menu:menu", place=place, on_duty=duty), text)[1])[0]
            assert first == content.emergency(place, "vi", "self_harm")
            assert set(content.emergency(place, "vi").phones) <= set(first.phones)
            assert "người gần nhất" in first.text.partition("📞")[0]
            assert "an toàn" not in first.text
            assert not place.startswith("abroad") or any(phone.startswith("+") for phone in first.phones)
            if not place.startswith("abroad"):
                assert first.text.index("📞 115") == first.text.index("📞")
                assert {"113", "111"} <= set(first.phones)


def test_the_ambulance_of_her_country_stands_first_there(content: Conversation) -> None:
    """In Cambodia 119 stands before the police."""
    assert content.emergency("abroad:KH", "vi", "self_harm").phones[0] == "119"


@pytest.mark.parametrize("place", ["", "vn"])
def test_no_first_bubble_bids_her_wait_before_the_numbers_of_home(place: str, content: Conversation) -> None:
    """Whatever she wrote: 113 and 111 stand before any word about calling only when it is safe."""
    for name in ("", *content.library.situations):
        before = content.emergency(place, "vi", name).text.partition("📞 111")[0]
        assert "an toàn" not in before


@pytest.mark.parametrize("text", [*POISON, *THOUGHTS])
def test_nobody_in_despair_is_told_to_ask_for_the_way_home(text: str, content: Conversation) -> None:
    """With nobody on duty, in every place, at once, after another cry, and at the fifteenth minute."""
    for place in PLACES:
        her, effects = type_(content, standing(content, "Menu:menu", place=place, on_duty=False), text)
        shown = said(effects)
        her, effects = type_(content, her, "cứu em với")
        shown += said(effects)
        shown.append(content.unanswered(place, "vi", NOW, her.session.situation))
        assert her.session.situation == "despair"
        for words in shown:
            assert not any(way in words.text for way in HOME), (place, words.text)


def test_of_an_unknown_place_the_sentence_to_say_is_that_of_111(content: Conversation) -> None:
    """Whoever has not said where she is does not ask to be brought home."""
    service = content.library.services["vn.111"]
    for lang in ("vi", "en"):
        for told in (content.handoff("", lang, NOW), content.unanswered("", lang, NOW)):
            assert f"“{service.say[lang]}”" in told.text


def test_what_could_hurt_her_is_not_asked_after_poison(content: Conversation) -> None:
    """The one question is who is near."""
    her, _ = type_(content, standing(content, "Menu:menu"), POISON[0])
    assert her.session.state == "Despair:near"
    assert type_(content, her, "2")[0].session.state == "Despair:staying"


def test_beside_a_human_poison_brings_what_helps_and_no_question(content: Conversation) -> None:
    """Whoever writes with her asks; the bot says what cannot wait."""
    her, effects = type_(content, standing(content, "Menu:menu", case=BESIDE_HUMAN), POISON[0])
    assert said(effects)[0] == content.emergency("", "vi", "self_harm")
    assert not any(words.choices for words in said(effects))
    assert her.session.prompt == ()


@pytest.mark.parametrize("card", ["despair_stay", "help_queued", "help_waiting"])
def test_leaving_in_a_hurry_is_no_small_number_here(card: str, content: Conversation) -> None:
    """1 to 3 are what she has just typed for yes, no and skip; XX is named instead."""
    for lang in ("vi", "en"):
        shown = content.card(card, lang)
        assert "quick_exit" not in [choice.value for choice in shown.choices[:3]]
        assert "XX" in shown.text


@pytest.mark.parametrize(
    ("situation", "told"),
    [
        (Situation(rules=("suicide.none",)), 'names an unknown rule "suicide.none"'),
        (Situation(holds=("suicide.none",)), 'names an unknown rule "suicide.none"'),
        (Situation(rules=("suicide.act",), first=("vn.999",)), 'names an unknown service "vn.999"'),
        (Situation(rules=("suicide.act",), of=("nobody",)), 'is of unknown people "nobody"'),
        (Situation(says=("<no_such_set> bị",)), "names an unknown set <no_such_set>"),
    ],
)
def test_the_check_names_what_a_situation_names_and_nobody_wrote(situation: Situation, told: str) -> None:
    """A rule or a service that is not there, and cards that are missing, stop the service."""
    library = shared_content.library()
    table = msgspec.structs.replace(library.situation_table, rows={"trial": situation})
    found = [finding.message for finding in structure_findings(shared_content.changed(library, situation_table=table))]
    assert any(told in message for message in found), found
    assert any('has no card "situation.trial.say"' in message for message in found)
