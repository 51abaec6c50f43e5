"""Safety rule 21 at the danger question: a wrong question costs one tap, ordinary talk opens no case."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import permutations, product

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, Effect, OpenCase
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming
from flows.understanding import understand, understanding_of
from tests.flows.standings import DOUBTED, NOW, Standing, doubting, said, standing, take, type_
from tests.flows.understanding.test_labelled import SETS, evaluated

QUESTIONS = ("Cry:danger", "Cry:unseen")

ORDINARY = (
    *("xin chào", "chào chị ạ", "cảm ơn chị nhiều", "ok chị", "👍", "😀😀", "hihi", "haha vui quá", "ngủ ngon nhé"),
    *("bao nhiêu câu nữa", "còn mấy câu nữa ạ", "em gửi nhầm", "em nhầm ạ", "nhắn nhầm máy rồi", "đây là đâu"),
    *("bạn là ai", "bạn tên gì", "ai đọc tin này", "tin này có mất tiền không", "cái này bấm vào đâu", "tải app ở đâu"),
    *(
        "con em học lớp bốn",
        "hôm nay trời mưa to",
        "nhà em mới cấy xong",
        "chồng em đi làm ngoài ruộng",
        "mạng yếu quá",
    ),
    *(
        "chồng em đang ngủ",
        "mẹ em gọi về ăn cơm",
        "tối nay cả nhà ăn lẩu",
        "con trâu nhà em đẻ rồi",
        "bao giờ họp thôn",
    ),
    *("mai mấy giờ họp", "hỏi về giấy khai sinh cho con", "làm căn cước ở đâu", "vay vốn nuôi gà thế nào"),
    *("học may ở đâu", "đi nhật hết bao nhiêu tiền", "em họ rủ sang lào làm", "bạn em rủ đi làm ở bắc ninh"),
    *("công ty này có uy tín không", "số điện thoại hội phụ nữ xã", "điện thoại em hết pin", "zalo em bị đơ"),
    *("xem phim hay quá", "bài hát này hay ghê", "đội nhà thắng rồi", "chợ phiên đông người lắm", "dạ em biết rồi"),
    *("xe khách chạy mấy giờ", "em bé nhà chị ngoan quá", "để em hỏi lại chồng em đã", "chị nói gì em không hiểu"),
    *("viết lại giúp em", "em không biết chữ"),
)
"""What is written on an ordinary day; the weights doubt some of these, no rule hears danger in any."""

CALM = (
    "xin chào",
    "bao nhiêu câu nữa",
    "em gửi nhầm",
    "👍",
    "cảm ơn",
    "bạn là ai",
    "hôm nay trời mưa",
    "ok ạ",
    "?",
    "hihi",
)
HEARD = ("em cần giúp đỡ", "nguy hiểm quá chị ơi", "nó sắp về rồi")
MISTAKES = (
    "em nhầm",
    "em gửi nhầm",
    "gửi nhầm",
    "nhắn nhầm máy ạ",
    "em bấm nhầm",
    "lỡ tay ạ",
    "em gui nham",
    "gửi lộn rồi chị",
)


def opened(effects: list[Effect]) -> list[int]:
    """Return the levels at which a case is opened."""
    return [effect.level for effect in effects if isinstance(effect, OpenCase)]


def asked(content: Conversation, text: str) -> Standing:
    """Return the session of somebody whose words led to the danger question."""
    after, effects = type_(content, standing(content, "Menu:menu"), text)
    assert (after.session.state, opened(effects)) == ("Cry:danger", []), text
    return after


def offered(content: Conversation, text: str) -> Standing:
    """Return the session of somebody whose words only weights doubt, and led to an offer below an answer."""
    after, effects = type_(doubting(content), standing(content, "Menu:menu"), text)
    assert (after.session.offered is not None, opened(effects)) == (True, []), text
    assert not after.session.state.startswith(("Cry:", "Despair:")), text
    return after


def talk(content: Conversation, texts: tuple[str, ...], *, answers: bool) -> list[int]:
    """Return the levels of the cases that a talk opens after a greeting; `answers`: no to every question of danger."""
    her, now, levels = Standing().but(on_duty=True), NOW, []
    for text in ("xin chào", *texts):
        now += timedelta(minutes=1)
        her, effects = type_(content, her, text, now)
        levels += opened(effects)
        if answers and her.session.state in ("Cry:danger", "Despair:asked"):
            her, effects = type_(content, her, "không", now)
            levels += opened(effects)
    return levels


@pytest.mark.parametrize("answers", [True, False], ids=["no to each question", "questions unanswered"])
def test_no_ordinary_talk_of_five_messages_opens_a_case(answers: bool, content: Conversation) -> None:
    """Whatever the order: every pair of phrases, and talks of five drawn from all of them."""
    draw = random.Random(21)
    talks = [*permutations(ORDINARY, 2), *(tuple(draw.sample(ORDINARY, 5)) for _ in range(400))]
    assert [texts for texts in talks if talk(content, texts, answers=answers)] == []


def test_hardly_a_talk_of_labelled_calm_phrases_opens_a_case(content: Conversation) -> None:
    """Phrases written to look like danger, in talks of five with "không" to every question: under four in a hundred."""
    calm = [
        one.row.text for name in SETS for one in evaluated(name) if one.row.level == 0 and one.row.intent != "HUMAN"
    ]
    draw = random.Random(21)
    talks = [tuple(draw.sample(calm, 5)) for _ in range(400)]
    assert sum(bool(talk(content, texts, answers=True)) for texts in talks) < 16


@pytest.mark.parametrize("calm", CALM)
def test_calm_words_at_the_question_open_nothing(calm: str, content: Conversation) -> None:
    """After doubt, after a picture, and also where a rule had heard danger: the question stands or is withdrawn."""
    doubted = [offered(content, text) for text in DOUBTED]
    standings = [*doubted, *(asked(content, text) for text in HEARD), standing(content, "Cry:unseen")]
    for her in standings:
        assert opened(type_(content, her, calm)[1]) == [], her.session.data


def test_doubt_upon_doubt_is_offered_again_and_opens_nothing(content: Conversation) -> None:
    """A flood of what only the weights doubt, from one account: never a question of danger, never a case."""
    her = standing(content, "Menu:menu")
    for number, text in enumerate(DOUBTED * 3):
        her, effects = type_(doubting(content), her, text, NOW + timedelta(minutes=number))
        assert opened(effects) == [], text
        assert not her.session.state.startswith(("Cry:", "Despair:", "GetHelp:")), text
        her, effects = type_(content, her, "không", NOW + timedelta(minutes=number))
        assert opened(effects) == [], text


@pytest.mark.parametrize(
    ("first", "more"), product(HEARD, ("hu hu", "em cần giúp đỡ lắm", "nó ở ngoài cửa", "em sợ quá"))
)
def test_danger_that_goes_on_where_a_rule_heard_it_reaches_a_human(
    first: str, more: str, content: Conversation
) -> None:
    """A rule heard danger, she did not answer, and what she adds sounds like it: numbers, and a case."""
    _, effects = type_(content, asked(content, first), more)
    assert opened(effects)
    assert said(effects)[0].phones
    assert AddToCase(more) in effects


@pytest.mark.parametrize("kind", ["image", "location", "voice", "file"])
def test_what_we_cannot_read_at_the_question_still_reaches_a_human(kind: str, content: Conversation) -> None:
    """A picture or a place in answer to "are you in danger" may be all she can send."""
    for text in HEARD:
        incoming = Incoming(kind=kind, at=NOW, media="m1")  # type: ignore[arg-type]
        assert opened(take(content, asked(content, text), incoming)[1]) == [2]


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_takes_back_a_question_that_only_doubt_asked(words: str, content: Conversation) -> None:
    """Withdrawn after doubt and after a picture; where a rule heard danger it stands, and nothing is opened."""
    for her in (*(offered(content, text) for text in DOUBTED), standing(content, "Cry:unseen")):
        after, effects = type_(content, her, words)
        assert (after.session.state, after.session.offered, opened(effects)) == ("Menu:menu", None, [])
    for text in HEARD:
        after, effects = type_(content, asked(content, text), words)
        assert (after.session.state, opened(effects)) == ("Cry:danger", [])


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_changes_nothing_on_an_open_case(words: str, content: Conversation) -> None:
    """It stands in the console, where a human judges it."""
    her = standing(content, "GetHelp:queued", case=CaseSeen("c1", "K7M2", 3))
    after, effects = type_(content, her, words)
    assert (after.session.state, after.facts.case) == (her.session.state, her.facts.case)
    assert AddToCase(words) in effects


@pytest.mark.parametrize(
    "words", ["em uống nhầm thuốc", "em tin nhầm người", "lấy nhầm chồng", "nó đánh nhầm em", "em không nhầm"]
)
def test_words_of_harm_are_no_mistake(words: str, content: Conversation) -> None:
    """Swallowing, trusting or marrying the wrong one is a story, not a slip of the finger."""
    assert understand(words, content.lexicon).command != "mistake"


@pytest.mark.parametrize(
    ("text", "state", "card"),
    [
        ("con gái em 13 tuổi đòi lấy chồng", "Topics:card", "youth.early-marriage"),
        ("con gai em 13 tuoi doi lay chong", "Topics:card", "youth.early-marriage"),
        ("em mới 15 tuổi nhà bảo lấy chồng", "Topics:card", "youth.early-marriage"),
    ],
)
@pytest.mark.parametrize("no", ["2", "không", "không nguy hiểm"])
def test_no_leads_to_what_she_asked(text: str, state: str, card: str, no: str, content: Conversation) -> None:
    """What she wrote is remembered as a topic and answered; a child who is to marry gets 111 with it."""
    after, effects = type_(content, asked(content, text), no)
    assert (after.session.state, opened(effects)) == (state, [])
    assert {card, "offer_here"} <= set(said(effects)[-1].cards)
    assert "111" in said(effects)[-1].phones


@pytest.mark.parametrize("text", DOUBTED)
def test_no_after_doubt_is_no_way_to_help(text: str, content: Conversation) -> None:
    """Doubt is no cry for help: nobody waits for a counsellor who did not ask for it."""
    after, effects = type_(content, offered(content, text), "không")
    assert not after.session.state.startswith("GetHelp:")
    assert opened(effects) == []


def test_help_offered_after_a_no_is_opened_by_her_choice_alone(content: Conversation) -> None:
    """She asked for help, said she is in no danger, and then writes of something else: it is asked once more."""
    for text, on_duty in product(("em cần giúp đỡ", "bế tắc"), (True, False)):
        her = standing(content, "Menu:menu", on_duty=on_duty)
        for words in (text, "không", "hôm nay trời mưa to", "nhà em mới cấy xong"):
            her, effects = type_(content, her, words)
            assert opened(effects) == [], words
        assert her.session.state.startswith("GetHelp:")


def test_words_at_the_door_she_chose_herself_are_for_people(content: Conversation) -> None:
    """Whoever tapped "I need help" and writes has written to people."""
    chosen, _ = type_(content, standing(content, "Menu:menu"), "Tôi cần giúp")
    _, effects = type_(content, chosen.but(on_duty=True), "chuyện nhà em hơi khó nói")
    assert opened(effects) == [2]


def test_learnt_weights_never_name_the_wish_for_a_human(content: Conversation) -> None:
    """Over all labelled phrases: where people are the topic, a rule said so."""
    wishes = {rule.id for rule in content.lexicon.rules if rule.topic == "human"}
    heard = understanding_of(content.lexicon)
    for name in SETS:
        for one in evaluated(name):
            if one.meaning.topic == "human":
                assert wishes & heard.rules_met(one.row.text), one.row.text


def test_calm_words_at_the_question_of_despair_open_nothing(content: Conversation) -> None:
    """A rule asked; a greeting, a sign, a mistake and calm words leave the question, words in doubt reach people."""
    her, _ = type_(content, standing(content, "Menu:menu"), "bế tắc")
    assert her.session.state == "Despair:asked"
    for calm in ("xin chào", "👍", "em gửi nhầm", "con em học lớp bốn"):
        after, effects = type_(content, her, calm)
        assert (after.session.state, opened(effects)) == ("Despair:asked", [])
    for words in ("em mệt mỏi lắm rồi không chịu nổi nữa", "đau khổ quá chị ơi", *DOUBTED):
        assert opened(type_(doubting(content), her, words)[1]) == [3], words


@pytest.mark.parametrize("state", ["GetHelp:entry", "GetHelp:offer", "GetHelp:danger_now", "GetHelp:where"])
def test_a_mistake_on_the_way_to_help_leads_back(state: str, content: Conversation) -> None:
    """No case is open yet, and she says that she did not mean us."""
    after, effects = type_(content, standing(content, state), "em bấm nhầm")
    assert (after.session.state, opened(effects)) == ("Menu:menu", [])
