"""Another number to call: one answer to how she is written to, a consent of its own, and a number nobody else sees."""

from __future__ import annotations

import msgspec
import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, KeepSecondWay, NoteOnCase, OpenCase, RecordConsent, Say
from flows.model.facts import CaseSeen
from tests.flows.standings import standing, type_

CASE = CaseSeen("c1", "K7M2", 2)
NUMBERS = ("0912 345 678", "+84 912 345 678", "0912345678 sau 8 giờ tối", "(091) 234-5678")
NO_NUMBERS = ("em không nhớ", "12 giờ", "1234", "0912 345 678 " + "và còn nhiều điều nữa " * 5, "1234567890123456789")


@pytest.mark.parametrize(("place", "after"), [("vn", "who"), ("abroad", "country_later")])
def test_it_is_an_answer_to_the_one_question_and_has_a_consent_of_its_own(
    content: Conversation, place: str, after: str
) -> None:
    """The same tap opens the case and agrees to C2; the number is asked for only after a yes to C5."""
    asked, effects = type_(content, standing(content, "GetHelp:contact", place=place), "Gọi cho tôi ở số khác")
    assert asked.session.state == "GetHelp:second_way"
    assert [type(e) for e in effects if not isinstance(e, Say)] == [OpenCase, RecordConsent, NoteOnCase]
    assert NoteOnCase("contact", "another_number") in effects
    written, effects = type_(content, asked, "1")
    assert (written.session.state, effects[0]) == (
        "GetHelp:second_number",
        RecordConsent("C5", "help_second_way.vi.2", True),
    )
    done, effects = type_(content, written, "0912 345 678")
    assert done.session.state == f"GetHelp:{after}"
    assert KeepSecondWay("0912 345 678") in effects
    assert not any(isinstance(effect, AddToCase) for effect in effects)
    assert "0912" not in repr(msgspec.structs.asdict(done)), "the number stays in no session"


@pytest.mark.parametrize("on_duty", [True, False])
def test_with_a_case_open_before_it_ends_where_the_question_would_have_ended(
    content: Conversation, on_duty: bool
) -> None:
    """After "write back" the number is the last thing asked."""
    ends = "GetHelp:queued" if on_duty else "GetHelp:waiting"
    asked, _ = type_(content, standing(content, "GetHelp:write_back", case=CASE, on_duty=on_duty), "4")
    assert asked.session.state == "GetHelp:second_way_late"
    written, _ = type_(content, asked, "Đồng ý")
    assert type_(content, written, "0912345678")[0].session.state == ends
    assert type_(content, written, "1")[0].session.state == ends
    assert type_(content, asked, "2")[0].session.state == ends


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_taken_as_it_is_typed(content: Conversation, text: str) -> None:
    """With its spaces, and with the hours beside it."""
    _, effects = type_(content, standing(content, "GetHelp:second_number", case=CASE), text)
    assert KeepSecondWay(text) in effects


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_goes_to_the_people_of_her_case(content: Conversation, text: str) -> None:
    """Nothing she writes is lost, and the question stays open."""
    after, effects = type_(content, standing(content, "GetHelp:second_number", case=CASE), text)
    assert after.session.state == "GetHelp:second_number"
    assert AddToCase(text) in effects
    assert not any(isinstance(effect, KeepSecondWay) for effect in effects)


@pytest.mark.parametrize(("state", "answer"), [("second_way", "2"), ("second_number", "1")])
def test_a_no_keeps_none_and_she_is_written_to_here(content: Conversation, state: str, answer: str) -> None:
    """Declining or skipping lets go of a number that was kept before."""
    _, effects = type_(content, standing(content, f"GetHelp:{state}", case=CASE), answer)
    assert KeepSecondWay("") in effects
    assert NoteOnCase("contact", "here") in effects
    assert (RecordConsent("C5", "help_second_way.vi.2", False) in effects) is (state == "second_way")


@pytest.mark.parametrize("state", ["second_way", "second_way_late", "second_number", "second_number_late"])
def test_a_cry_there_is_heard_as_everywhere(content: Conversation, state: str) -> None:
    """Numbers first, whatever was asked."""
    her = standing(content, f"GetHelp:{state}", place="vn", case=CASE)
    _, effects = type_(content, her, "nó đang đánh em cứu với")
    assert next(e for e in effects if isinstance(e, Say)).outgoing == content.emergency("vn", "vi")
