"""A yes is a yes and a no a no, in one word or in a phrase; a toneless `dung` is neither."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, Effect, OpenCase, RecordConsent
from flows.model.facts import CaseSeen
from flows.model.messages import Choice
from flows.parsing.yes_no import FACTS, OFFERS, UNKNOWN, assent
from tests.flows.standings import digits, said, standing, type_

DANGER_QUESTIONS = ("GetHelp:danger_now", "Cry:danger", "Cry:unheard", "Cry:unseen")


def opened(effects: list[Effect]) -> list[int]:
    """Return the levels at which a case is opened."""
    return [effect.level for effect in effects if isinstance(effect, OpenCase)]


@pytest.mark.parametrize(
    "word", ["Có", "có ạ", "co", "dạ", "Dạ vâng", "đúng", "Đúng rồi", "ừ", "phải", "yes", "Vâng.", "1"]
)
@pytest.mark.parametrize("state", DANGER_QUESTIONS)
def test_a_short_yes_to_the_danger_question_is_a_yes(word: str, state: str, content: Conversation) -> None:
    """Each opens the case at level 4."""
    _, effects = type_(content, standing(content, state), word)
    assert [effect.level for effect in effects if isinstance(effect, OpenCase)] == [4]


@pytest.mark.parametrize("word", ["Không", "khong", "ko", "không ạ", "dạ không", "chưa", "no", "2"])
def test_a_short_no_to_the_danger_question_is_a_no(word: str, content: Conversation) -> None:
    """None opens a case."""
    after, effects = type_(content, standing(content, "GetHelp:danger_now"), word)
    assert not any(isinstance(effect, OpenCase) for effect in effects)
    assert after.session.state == "GetHelp:contact"


IN_DANGER = (
    *("có nguy hiểm", "đang nguy hiểm", "nguy hiểm lắm", "Nguy hiểm quá!", "có đang bị nguy hiểm", "có ạ, nguy lắm"),
    *("em đang gặp nguy hiểm", "dạ có ạ", "dạ em có bị", "vâng đúng rồi", "vâng, đúng rồi ạ", "có chứ", "đang ạ"),
    *("dang nguy hiem", "co nguy hiem", "da co a", "nguy hiem lam", "vang dung roi", "em dang bi nguy hiem"),
    *("ddang nguy hieemr", "cos nguy hieemr", "d9ang nguy hie6m3", "đangggg nguy hiểmmm", "DANG NGUY HIEM"),
    *("không ổn", "em không an toàn", "không yên ạ", "chưa an toàn đâu", "khong on", "k an toàn", "ko yên", "hem ổn"),
    *("không còn an toàn", "em không thấy an toàn", "không ổn lắm", "qua nguy hiem", "không, nguy hiểm lắm"),
    *(
        "có, em đang bị nguy hiểm lắm ạ",
        "rất nguy hiểm",
        "hơi nguy hiểm",
        "chả an toàn gì",
        "I am in danger",
        "not safe",
        "yes I am",
    ),
)
"""Yes to "are you in danger now", in phrases."""

IN_NO_DANGER = (
    *("không nguy hiểm", "em không sao", "không có gì đâu", "chưa bị gì", "ổn rồi", "em an toàn", "hết nguy hiểm rồi"),
    *("dạ không ạ", "không đâu chị", "không có ạ", "chưa có gì", "không phải đâu ạ", "không bị sao cả", "vâng em ổn"),
    *("không còn nguy hiểm nữa", "không có chuyện gì đâu ạ", "em vẫn ổn", "em bình thường", "không, em ổn", "hông có"),
    *("khong nguy hiem", "em khong sao", "khong co gi dau", "em an toan", "on roi", "het nguy hiem roi", "ko sao"),
    *("khoong nguy hieemr", "khong6 nguy hie6m3", "em oonr", "khôngggg sao", "k sao đâu", "hok sao", "KHÔNG SAO"),
    *(
        "chẳng có gì",
        "không hề nguy hiểm",
        "qua khỏi nguy hiểm rồi",
        "em không gặp nguy hiểm",
        "không nguy hiểm gì đâu",
    ),
    *("không ạ em chỉ hỏi thôi", "không có bị gì hết á", "mọi chuyện ổn ạ", "hiện tại thì không", "không, cảm ơn"),
    *("I am safe", "not in danger", "no danger", "không nguy hiểm. em an toàn", "không sao đâu em vẫn bình thường"),
)
"""No to it, in phrases."""

IN_DOUBT = ("em không biết", "em cũng không biết nữa", "không rõ ạ", "khong biet nua", "không chắc", "chưa biết ạ")

NEITHER = (
    *("nguy hiểm không", "có không", "có nguy hiểm không", "nguy hiểm là gì", "có sao không", "sao", "đâu", "em ở đây"),
    *("không được", "không có ai", "không ra được", "không có đường về", "no dang o day", "nó đang ở đây", "anh ở đây"),
    *(
        "không thấy đường",
        "em đau",
        "an toàn gì",
        "ổn đâu",
        "co dau",
        "dau co",
        "ma",
        "em chị",
        "em không biết chữ",
        "em không biết nó ở đâu",
        "hết",
    ),
)
"""Words that only begin like an answer, or ask back: nobody may take them for a no, or for a yes."""


@pytest.mark.parametrize("words", IN_DANGER)
def test_a_yes_in_words_is_as_good_as_the_button(words: str, content: Conversation) -> None:
    """With tones and without, in Telex, VNI, stretched, and as "not safe": the case is of level 4, numbers first."""
    for state in DANGER_QUESTIONS:
        _, effects = type_(content, standing(content, state), words)
        assert opened(effects) == [4], state
        assert said(effects)[0].phones, state


@pytest.mark.parametrize("words", IN_NO_DANGER)
def test_a_no_in_words_opens_nothing(words: str, content: Conversation) -> None:
    """ "Not in danger" is no, also without tones; nothing is shown that belongs to a cry."""
    for state in DANGER_QUESTIONS:
        after, effects = type_(content, standing(content, state), words)
        assert opened(effects) == [], state
        assert not any("📞" in words_.text for words_ in said(effects)), state
        assert after.session.state == ("GetHelp:contact" if state == "GetHelp:danger_now" else "Menu:menu")


@pytest.mark.parametrize("words", IN_DOUBT)
def test_not_knowing_in_words_is_the_third_answer(words: str, content: Conversation) -> None:
    """Whoever does not know is taken seriously: level 3, as for the button."""
    for state in DANGER_QUESTIONS:
        assert opened(type_(content, standing(content, state), words)[1]) == [3], state


@pytest.mark.parametrize("words", NEITHER)
def test_words_that_are_no_answer_are_not_taken_for_one(words: str, content: Conversation) -> None:
    """A question back, "cannot" and "nobody" are neither yes nor no."""
    her = standing(content, "Cry:danger")
    assert assent(words, her.session.prompt, content.lexicon, card="danger_now") is None


@pytest.mark.parametrize("words", ["dung roi", "dung vay", "da dung", "dung a", "dung roi a"])
def test_a_toneless_dung_in_a_phrase_raises_without_a_word(words: str, content: Conversation) -> None:
    """Safety rule 17 also where `dung` has company: level 3, and a neutral 1 or 2 on the screen."""
    for state in DANGER_QUESTIONS:
        _, effects = type_(content, standing(content, state), words)
        assert opened(effects) == [3], state
        assert said(effects) == [content.card("silent_ask", "vi")], state


@pytest.mark.parametrize("words", ["không, nó đang đánh em", "không sao cứu em với", "em an toàn nhưng nó cầm dao"])
def test_a_cry_that_begins_like_a_no_is_a_cry(words: str, content: Conversation) -> None:
    """What she cries counts, whatever stands before it."""
    for state in DANGER_QUESTIONS:
        assert max(opened(type_(content, standing(content, state), words)[1])) >= 3, state


@pytest.mark.parametrize("words", ["đang nguy hiểm", "em an toàn", "ổn rồi"])
def test_words_of_danger_answer_no_other_question(words: str, content: Conversation) -> None:
    """At the quiz "safe" is neither yes nor no."""
    assert assent(words, standing(content, "Quiz:question").session.prompt, content.lexicon) is None


@pytest.mark.parametrize("words", ["dạ không có ạ", "không đâu ạ", "chưa ạ"])
def test_a_no_in_a_phrase_answers_every_yes_or_no_question(words: str, content: Conversation) -> None:
    """Particles and pronouns around a no change nothing."""
    prompt = (Choice("Có", "yes"), Choice("Không", "no"))
    assert assent(words, prompt, content.lexicon) == prompt[1]


def test_a_short_yes_answers_no_question_of_another_kind(content: Conversation) -> None:
    """ "Dạ" at the menu chooses nothing."""
    assert type_(content, standing(content, "Menu:menu"), "dạ")[0].session.state == "Menu:menu"


STORIES = (
    *("có ạ, chồng em ở nhà", "có, nó say rồi", "dạ có chị ơi nó uống rượu", "đúng rồi ạ họ ở tầng dưới"),
    *("em đang nguy hiểm trong nhà vệ sinh", "không an toàn, nó sắp về", "không ổn chút nào chị ơi ổng về rồi"),
    *("nguy hiem lam chi oi no sap ve", "co a, no say roi"),
)
"""A yes that goes on with a story which is no cry of itself."""


@pytest.mark.parametrize("words", STORIES)
def test_a_yes_that_goes_on_is_a_yes_and_its_story_reaches_people(words: str, content: Conversation) -> None:
    """Level 4, the numbers first, and her words with the people of the case."""
    for state in DANGER_QUESTIONS:
        _, effects = type_(content, standing(content, state), words)
        assert max(opened(effects)) >= 3, state
        assert said(effects)[0].phones, state
        assert AddToCase(words) in effects, state


def test_a_story_that_may_begin_with_a_yes_reaches_people(content: Conversation) -> None:
    """ "Có chồng em ở nhà" may be an answer where a rule heard danger: level 2, and asked once more."""
    asked, _ = type_(content, standing(content, "Menu:menu"), "em cần giúp đỡ")
    after, effects = type_(content, asked, "có chồng em ở nhà")
    assert (opened(effects), after.session.state) == ([2], "Cry:danger")


@pytest.mark.parametrize(
    "words",
    ["có ai ở đó không", "có mất tiền không", "có bao nhiêu câu nữa", "vâng, em hỏi chút", "không, em hỏi về vay vốn"],
)
def test_a_question_that_begins_like_a_yes_opens_nothing(words: str, content: Conversation) -> None:
    """Asking back is no answer, nor is a polite word."""
    assert opened(type_(content, standing(content, "Cry:danger"), words)[1]) == []


AGREED = (
    *("có", "dạ có chị", "có ạ", "vâng ạ", "đồng ý", "em đồng ý ạ", "dong y", "ok ạ", "oke", "được ạ", "dạ được chị"),
    *("vâng, em đồng ý", "đúng rồi ạ", "dạ vâng ạ", "có chứ", "nhất trí", "được thôi ạ", "Đồng ý!", "yes"),
)
REFUSED = (
    *("không", "dạ không ạ", "không ạ em ổn", "hong có", "thôi ạ", "em không muốn", "không đồng ý", "thôi khỏi ạ"),
    *("không cần đâu chị", "để sau nhé", "không, cảm ơn", "khong", "hổng", "chưa cần ạ", "no thanks", "thôi chị ạ"),
)
"""Yes and no to "shall we?", in one word and in phrases."""


def answered(content: Conversation, state: str, words: str, value: str) -> bool:
    """Say whether words lead where the choice with this value does."""
    at = standing(content, state)
    named = {choice.value: choice.label for choice in at.session.prompt} | digits(at.session.prompt)
    typed, pressed = type_(content, at, words), type_(content, at, named[value])
    return (typed[0].session.state, typed[1]) == (pressed[0].session.state, pressed[1])


@pytest.mark.parametrize("words", AGREED)
def test_a_yes_in_words_accepts_every_offer(words: str, content: Conversation) -> None:
    """At every question that ends with "shall we?" or "do you agree?"."""
    for state in content.states.values():
        yes, _ = OFFERS.get(state.say or state.choices, ("", ""))
        if yes:
            assert answered(content, state.state, words, yes), state.state


@pytest.mark.parametrize("words", REFUSED)
def test_a_no_in_words_declines_every_offer(words: str, content: Conversation) -> None:
    """And leads where the button does, whatever that is called."""
    for state in content.states.values():
        card = state.say or state.choices
        if card in OFFERS and card != "dung_unclear":
            assert answered(content, state.state, words, OFFERS[card][1]), state.state


@pytest.mark.parametrize("words", ["dạ", "ừm", "uh", "y"])
def test_a_faint_yes_is_no_consent(words: str, content: Conversation) -> None:
    """ "Dạ" may only mean that she listens: what is kept of her needs a plain yes."""
    for state in content.states.values():
        if state.consent:
            _, effects = type_(content, standing(content, state.state), words)
            assert not any(isinstance(effect, RecordConsent) for effect in effects), state.state


@pytest.mark.parametrize("words", ["không biết", "em cũng không rõ ạ", "chưa biết", "khong biet nua", "em chưa rõ lắm"])
def test_not_knowing_is_an_answer_wherever_there_is_one_for_it(words: str, content: Conversation) -> None:
    """ "I do not know", or where that is not offered, leaving the question out."""
    for state in content.states:
        at = standing(content, state)
        value = next((one for one in UNKNOWN if one in {choice.value for choice in at.session.prompt}), "")
        if value:
            assert answered(content, state, words, value), state


def test_every_yes_or_no_question_knows_what_yes_means(content: Conversation) -> None:
    """Whoever writes a card that ends with "shall we?" says which of its answers is a yes."""
    for state in content.states.values():
        card = state.say or state.choices
        values = {choice.value for choice in standing(content, state.state).session.prompt}
        asks = bool(card) and content.card(card, "vi").text.rstrip().endswith((" nhé?", " chứ?", "đồng ý không?"))
        assert not asks or {"yes", "no"} <= values or card in OFFERS, state.state
        assert card not in OFFERS or {*OFFERS[card]} - {""} <= values, state.state
        assert card not in FACTS or {*FACTS[card]} <= values, state.state


@pytest.mark.parametrize(
    "words", ["được không", "đồng ý là sao ạ", "có mất tiền không", "em ổn", "em chưa đồng ý đâu nhé"]
)
def test_a_question_about_an_offer_accepts_nothing(words: str, content: Conversation) -> None:
    """Asking back leaves everything as it was."""
    for state in content.states.values():
        if state.consent:
            _, effects = type_(content, standing(content, state.state), words)
            given = [one.given for one in effects if isinstance(one, RecordConsent)]
            assert True not in given, state.state


def test_beside_an_open_case_a_no_to_no_question_reaches_people(content: Conversation) -> None:
    """ "Không" below a list of cards is no wish for the menu: whoever helps her reads it."""
    at = standing(content, "Topics:shelf", case=CaseSeen("c1", "K7M2", 3))
    assert AddToCase("không ạ") in type_(content, at, "không ạ")[1]
