"""Safety rule 18: with nobody on the roster the bot offers no counsellor and hands off to who answers now."""

from __future__ import annotations

import re

import msgspec
import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import OpenCase
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming, IncomingKind, Outgoing
from flows.rendering.phrasing import read_at_home
from tests.flows.standings import NOW, PLACES, as_called, everywhere, first_bubble, said, standing, take, type_

SERIOUS = (
    *("cứu em với", "em uống thuốc sâu rồi", "em không muốn sống nữa", "em bị hiếp đêm qua", "mình cần giúp"),
    *("chồng em uống rượu đánh em", "họ giữ hộ chiếu của em", "chú sờ em, em 12 tuổi", "bế tắc", "em cần giúp đỡ"),
)
"""Cries, offers of help for harm that is none, doubts that are asked about, and the wish for a person."""
LATER = {"18001233"}
"""Advice on the law: it answers no cry."""
COUNSELLOR = re.compile(r"tư vấn|counsellor", re.IGNORECASE)
SAYINGS = ("cứu em với", "mình cần giúp", "cần giúp", "88", "họ giữ hộ chiếu của em", "1", "2", "3", "cứu", "alo")
KINDS: tuple[IncomingKind, ...] = ("sticker", "voice", "image", "location", "other", "follow")


def test_nothing_shown_without_a_roster_offers_a_counsellor(content: Conversation) -> None:
    """From every state, whatever comes: no text and no answer on offer speaks of a counsellor.

    Words, stickers, voices, pictures and things unknown are no way around it.
    """
    comes = [Incoming(kind="text", text=text, at=NOW) for text in SAYINGS]
    comes += [Incoming(kind=kind, at=NOW) for kind in KINDS]
    for her in everywhere(content):
        if her.facts.on_duty:
            continue
        for incoming in comes:
            offered = lines(said(take(content, her, incoming)[1]))
            assert not any(COUNSELLOR.search(line) for line in offered), (her.session.state, incoming, offered)


def test_a_cry_without_a_roster_is_handed_to_who_answers_there(content: Conversation) -> None:
    """After the numbers comes the hand-off of her place, and the case waits for the next reader."""
    for place in PLACES:
        for state in content.states:
            her = standing(content, state, place=place, on_duty=False)
            _, effects = type_(content, her, "cứu em với")
            shown = said(effects)
            assert shown[0] == first_bubble(content, her), (state, place)
            fits = "child" if state.startswith("Youth:") else ""
            told = as_called(content, content.handoff(place, "vi", NOW, fits), fits)
            cards = () if state.startswith("SilentCall:") else told.contacts
            assert shown[1] == msgspec.structs.replace(told, contacts=cards), (state, place)
            assert any(isinstance(effect, OpenCase) for effect in effects)


def test_asking_for_help_without_a_roster_is_answered_by_the_hand_off(content: Conversation) -> None:
    """The get-help flow begins with the numbers of where she is and the truth, not with an offer nobody keeps."""
    for place in PLACES:
        her = standing(content, "Menu:menu", place=place, on_duty=False)
        after, effects = type_(content, her, "mình cần giúp")
        assert after.session.state == "GetHelp:alone"
        numbers, told = content.numbers(place, "vi").text, content.handoff(place, "vi", NOW).text
        numbers = numbers if place != "vn" else read_at_home(content.numbers(place, "vi")).text
        assert said(effects)[-1].text.startswith(f"{numbers}\n{told}")
        assert "read" not in [choice.value for choice in said(effects)[-1].choices]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", SERIOUS)
def test_every_first_answer_to_harm_holds_the_numbers_of_her_place(
    text: str, place: str, content: Conversation
) -> None:
    """A cry, an offer and a wish for help alike: every number that somebody on duty would not change, and no wait."""
    _, effects = type_(content, standing(content, "Menu:menu", place=place, on_duty=False), text)
    first = said(effects)[0]
    assert set(content.numbers(place, "vi").phones) - LATER <= set(first.phones)
    needed = {"113", "111", "115"} if not place.startswith("abroad") else {"+84981848484"}
    assert needed <= set(first.phones)
    assert place == "vn" or "+84 981 84 84 84" in first.text
    assert all(number in first.text for number in needed if "+" not in number)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", SERIOUS)
def test_nobody_reads_the_same_number_twice_until_she_writes_something_else(
    text: str, place: str, content: Conversation
) -> None:
    """The hand-off and the answer to a "yes" repeat no line of the first bubble; minutes are never told to wait."""
    her, effects = type_(content, standing(content, "Menu:menu", place=place, on_duty=False), text)
    first, *below = said(effects)
    below += said(type_(content, her, "1")[1])
    lines = {line for line in first.text.splitlines() if line.startswith("📞")}
    assert lines
    for words in below:
        assert not lines & set(words.text.splitlines()), words.text
        assert "Khi thấy an toàn" not in words.text


def test_with_a_roster_no_hand_off_is_shown(content: Conversation) -> None:
    """The hotline hand-off is for an empty roster; with somebody on duty she is told that they read."""
    for place in PLACES:
        her = standing(content, "Menu:menu", place=place)
        assert content.handoff(place, "vi", NOW) not in said(type_(content, her, "cứu em với")[1])


def test_leaving_the_roster_in_the_middle_changes_what_is_promised(content: Conversation) -> None:
    """The last answer before the queue finds the roster empty: she is told so."""
    case = CaseSeen("c1", "", 2)
    her = standing(content, "GetHelp:need", place="vn", on_duty=False, case=case)
    after, effects = type_(content, her, "8")
    assert after.session.state == "GetHelp:waiting"
    assert said(effects) == [content.card("help_waiting", "vi")]


def lines(shown: list[Outgoing]) -> list[str]:
    """Return every text and every label she sees."""
    return [line for words in shown for line in (words.text, *(choice.label for choice in words.choices))]


async def test_with_nobody_on_the_roster_she_is_sent_to_the_hotline_and_the_case_waits(unstaffed_system) -> None:
    """On the phone: the numbers, then the hotline that works where she is and a sentence to say; the case is kept."""
    answers = await unstaffed_system.talk("zalo_oa", "lan", "cuu em voi")
    application = unstaffed_system.application
    told = application.runtime.library.handoff("", "vi", application.runtime.clock.now()).text.splitlines()
    shown = "\n".join(answer["text"] for answer in answers)
    assert told[0] in shown
    assert "tư vấn viên" not in shown
    [case] = await unstaffed_system.cases()
    assert case.acked_by is None
