"""UNICEF's steps of a safer chatbot, each in every language and situation in which it is due.

Acknowledge what was said, confirm or correct, answer with warmth, refer to help that works, offer a safe word. What is
asserted is what leaves, in order, whatever the wording of the day.
Source: UNICEF East Asia and Pacific, Safer Chatbots (unicef.org/documents/safer-chatbots-implementation-guide), the
steps as of 2026-07; which answer of ours stands for which step is our own reading.
"""

from __future__ import annotations

import re

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, OpenCase, Say
from flows.model.facts import CaseSeen
from tests.flows.standings import NOW, PLACES, Standing, asked, said, standing, type_

CRIES = ("cứu em với", "cuu em voi", "họ nhốt em trong phòng", "em không muốn sống nữa", "help me")
SITUATIONS = {"họ nhốt em trong phòng": "held", "em không muốn sống nữa": "despair"}
"""What her words are of; the others name nothing."""
UNCLEAR = ("em cần giúp đỡ", "bế tắc")
AT_RISK = ("họ giữ hộ chiếu của em", "chồng em đánh em")
QUESTIONS = ("danger_now", "despair_asked", "voice_unheard", "media_unseen")
COLD = re.compile(
    r"bình tĩnh|tại sao|nạn nhân|phải báo công an|giải cứu|chắc không sao|calm down|victim|rescue|!", re.I
)
WARM = {
    "help_heard": ("mình tin bạn", "i believe you"),
    "despair_asked": ("cảm ơn bạn", "thank you"),
    "despair_near": ("mình tin bạn", "i believe you"),
    "despair_stay": ("bạn quyết định", "you decide"),
}
"""The cards that answer pain, and the words of warmth (domain protocol) that each says."""
HELP_FILES = ("help_", "danger", "despair", "silent_", "case_kept", "voice_", "media_", "minor_", "calm", "words_")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("cry", CRIES)
def test_step_1_acknowledge_a_cry_is_answered_at_once_as_heard(cry: str, lang: str, content: Conversation) -> None:
    """In every place: the first bubble begins warmly and says that her message is kept, before any question."""
    for place in PLACES:
        _, effects = type_(content, standing(content, "Quiz:question", lang, place=place), cry)
        first = said(effects)[0]
        assert first == content.emergency(place, lang, SITUATIONS.get(cry, ""), NOW)
        assert first.text.index(".") < first.text.index("📞")
        received = "Tin của bạn được giữ lại" if lang == "vi" else "Your message is kept"
        assert received in first.text
        assert not first.choices
        assert AddToCase(cry) in effects


def test_step_1_acknowledge_later_words_are_acknowledged_and_not_after_each(content: Conversation) -> None:
    """With a case open she is told that her words have arrived; not beside a human, who answers herself."""
    her = standing(content, "GetHelp:queued", case=CaseSeen("c1", "4821", 2))
    after, effects = type_(content, her, "em ở một mình")
    assert said(effects) == [content.card("case_kept", "vi")]
    _, effects = type_(content, after, "em đợi")
    assert said(effects) == []
    assert AddToCase("em đợi") in effects


@pytest.mark.parametrize("words", UNCLEAR)
def test_step_2_confirm_what_may_be_danger_is_asked_with_one_question(words: str, content: Conversation) -> None:
    """One question with yes, no and a third answer below the numbers; nothing is decided over her head."""
    after, effects = type_(content, standing(content, "Menu:menu"), words)
    [question] = said(effects)
    assert [card for card in question.cards if card in QUESTIONS] == list(question.cards[-1:])
    assert question.phones
    assert asked(after) == ["yes", "no", "unsure"]
    assert not any(isinstance(effect, OpenCase) for effect in effects)


@pytest.mark.parametrize("words", UNCLEAR)
def test_step_2_correct_a_no_is_believed_and_a_yes_or_doubt_brings_numbers(words: str, content: Conversation) -> None:
    """She corrects us and no case is opened; she confirms, or does not know, and the numbers came first, once."""
    asked, question = type_(content, standing(content, "Menu:menu"), words)
    _, effects = type_(content, asked, "2")
    assert not any(isinstance(effect, OpenCase) for effect in effects)
    for answer in ("1", "3"):
        _, effects = type_(content, asked, answer)
        with_numbers = [bool(words.phones) for words in (*said(question), *said(effects))]
        assert with_numbers[0]
        assert with_numbers.count(True) == 1
        assert any(isinstance(effect, OpenCase) and effect.level >= 3 for effect in effects)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_step_3_warmth_pain_is_met_with_belief_thanks_and_her_decision(lang: str, content: Conversation) -> None:
    """Each card that answers pain says the words of the protocol."""
    for card, (vi, en) in WARM.items():
        assert (vi if lang == "vi" else en) in content.card(card, lang).text.lower(), card


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_step_3_warmth_no_card_of_help_blames_orders_or_shouts(lang: str, content: Conversation) -> None:
    """No "why", no "calm down", no "victim", no rescue, no exclamation mark, in text or on a button."""
    library = content.library
    cards = [name for name in library.cards if name.startswith(HELP_FILES) and library.has(name)]
    assert len(cards) >= 25
    for name in cards:
        card = library.card(name, lang)
        for line in (card.text, *(choice.label for choice in card.choices)):
            assert not COLD.search(line), (name, line)


@pytest.mark.parametrize("words", [*CRIES, *AT_RISK])
@pytest.mark.parametrize("on_duty", [True, False], ids=["somebody on duty", "nobody"])
def test_step_4_referral_danger_leads_to_a_number_that_works_there_or_to_people(
    words: str, on_duty: bool, content: Conversation
) -> None:
    """Within the same answer: numbers of her place, or people on duty, or the hotline when nobody is."""
    for place in PLACES:
        after, effects = type_(content, standing(content, "Menu:menu", place=place, on_duty=on_duty), words)
        values = {choice.value for choice in after.session.prompt}
        dialable = [phone for words_ in said(effects) for phone in words_.phones]
        assert dialable or (on_duty and {"message", "numbers"} <= values), place
        if place.startswith("abroad") and dialable:
            assert any(phone.startswith("+") or len(phone) > 4 for phone in dialable), place


def test_step_4_referral_a_human_is_never_more_than_two_taps_away_from_the_answer(content: Conversation) -> None:
    """After the answer to danger some answer leads to people or numbers, whatever was understood."""
    for words in (*CRIES, *UNCLEAR, *AT_RISK):
        after, _ = type_(content, standing(content, "Menu:menu"), words)
        assert after.session.state.split(":")[0] in ("GetHelp", "Cry", "Despair"), words


@pytest.mark.parametrize("state", ["Menu:menu", "GetHelp:entry", "GetHelp:who", "Despair:near", "SilentCall:ask"])
def test_step_5_safe_word_one_word_leaves_at_once_from_anywhere(state: str, content: Conversation) -> None:
    """XX hides the chat behind harmless messages, and the way to do so is told where help is asked for."""
    after, effects = type_(content, standing(content, state, case=CaseSeen("c1", "4821", 3)), "xx")
    assert after.session.state == "Exit:hidden"
    assert all(content.library.is_neutral(words.text) for words in said(effects))
    assert "XX" in content.card("help_queued", "vi").text
    assert "XX" in content.card("welcome", "vi").text


def test_step_5_safe_word_she_may_choose_words_of_her_own(content: Conversation) -> None:
    """Two taps from the settings: an offer that can be refused, then the words (tests/safety/test_own_words.py)."""
    her = Standing().but(last_at=NOW, state="Privacy:choose", prompt=content.card("privacy_choose", "vi").choices)
    offer, effects = type_(content, her, "Từ mật của tôi")
    assert [effect for effect in effects if isinstance(effect, Say)]
    assert offer.session.state == "Words:offer"
    assert set(asked(offer)) == {"agree", "decline"}
