"""The measure of ordinary talk: what it counts, and that a talk is had as a phone has it."""

from __future__ import annotations

from content.lexicon.model import LexiconData
from content.loader import load_lexicon
from flows.checks.ordinary_talk import measure, opens_case, talk_through
from flows.engine.conversation import Conversation

CALM = ("xin chào", "hôm nay trời mưa to", "nhà em mới cấy xong", "cảm ơn chị nhiều", "hihi")
CRY = "cứu em với, họ nhốt em"


def test_what_calm_messages_lead_to_is_counted(content: Conversation) -> None:
    """One cry among ten messages: a tenth is raised, and one of two talks opens a case however she answers."""
    lexicon: LexiconData = load_lexicon()
    found = measure([*CALM, CRY, *CALM[1:]], lexicon, content)
    assert (found.messages, found.raised_urgent, found.raised, found.asked) == (10, 1, 1, 0)
    assert (found.talks, found.cases) == (2, {"no": 1, "nothing": 1, "half": 1})
    assert found.percent()["cases"] == {"no": 50.0, "nothing": 50.0, "half": 50.0}


def test_a_talk_that_is_cut_short_is_no_talk(content: Conversation) -> None:
    """The share is of whole talks; nothing at all is measured without a fault."""
    assert measure(CALM[:4], load_lexicon(), content).talks == 0
    assert measure([], load_lexicon(), content).percent()["raised"] == 0.0


def test_the_danger_question_is_answered_as_she_would(content: Conversation) -> None:
    """Words that only doubt asks about open nothing when she says no."""
    assert not opens_case(("em sợ quá", *CALM), (True,), content)


def test_questions_and_offers_of_a_talk_are_counted(content: Conversation) -> None:
    """A plea is asked about once and answered, a question about harm of hers is offered help once."""
    talk = ("bị bạo lực gia đình thì làm sao", "em sợ quá", "hôm nay trời mưa to")
    outcome = talk_through(talk, (True,), content)
    assert (outcome.opened, outcome.questions, outcome.offers) == (False, 1, 1)
