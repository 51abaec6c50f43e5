"""Words written by ear: sounds that are one where somebody lives, spellings of friends, words run together."""

from __future__ import annotations

import pytest

from flows.text.letters import tidy
from flows.understanding import understand, understanding_of
from flows.understanding.readings import reading
from tests.support.content import library

LEXICON = library().lexicon
SPELLING = understanding_of(LEXICON).spelling


def read_as(word: str) -> set[tuple[str, str, str]]:
    """Return every reading of one word."""
    return {found for token in SPELLING.tokens(tidy(word)) for found in token}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nừa", "lừa"),
        ("xang", "sang"),
        ("chốn", "trốn"),
        ("trủ", "chủ"),
        ("giồi", "rồi"),
        ("zết", "giết"),
        ("diết", "giết"),
        ("báng", "bán"),
        ("chếc", "chết"),
        ("nhốc", "nhốt"),
        ("mìn", "mình"),
        ("pị", "bị"),
        ("kông", "công"),
        ("ngừi", "người"),
        ("mún", "muốn"),
        ("típ", "tiếp"),
        ("gọy", "gọi"),
        ("zề", "về"),
        ("dzề", "về"),
        ("dzậy", "vậy"),
        ("nkà", "nhà"),
        ("ckồng", "chồng"),
        ("khum", "không"),
        ("hong", "không"),
        ("hok", "không"),
        ("bik", "biết"),
        ("gòi", "rồi"),
        ("quánh", "đánh"),
        ("iem", "em"),
        ("trùi", "trời"),
    ],
)
def test_a_syllable_that_is_no_word_is_read_as_what_it_sounds_like(typed: str, meant: str) -> None:
    """North, South and friends write what they hear."""
    words = {*read_as(typed), *SPELLING.perhaps(reading(typed), toned=True)}
    assert reading(meant) in words


@pytest.mark.parametrize(
    "word", ["trồng", "nại", "xe", "dao", "giao", "lấy", "nấy", "chanh", "bắc", "các", "tiếc", "rằng"]
)
def test_a_word_of_its_own_is_read_as_nothing_else(word: str) -> None:
    """Planting is no husband, where nothing says that the message is written by ear."""
    assert read_as(word) <= {reading(word)}


@pytest.mark.parametrize(
    "text",
    [
        "em bị nừa bán xang Chung Quốc",
        "trồng em nhốt em chong nhà, em xợ nắm",
        "chồng em đòi diết em",
        "cíu iem zới, pị nhốt gòi",
        "họ báng em qua Campuchia xong giồi",
        "e mún zề nhà, ngta hok cho e zề",
        "ck quánh iem hoài, iem chịu hong nổi",
        "cứuemvớiembịnhốttrongphòng",
        "cuuemvoiembinhottrongphong",
        "emởcampuchiabịépđilừađảotrênmạngkhôngđủchỉtiêulàbịchíchđiện",
        "em15tuổibịbắttiếpkhách",
        "e.m b.ị n.h.ố.t",
        "em 😭 bị 😭 nhốt 😭 trong 😭 phòng",
    ],
)
def test_a_cry_written_by_ear_is_heard_by_a_rule(text: str) -> None:
    """Not by the chance of learnt weights."""
    meaning = understand(text, LEXICON)
    assert (meaning.action != "calm", meaning.level >= 2, meaning.rule == "suspicion") == (True, True, False)


@pytest.mark.parametrize(
    "text",
    [
        "nhà em đang trồng lúa, chồng đi nàm",
        "xinh nhật con gái em nàm ở nhà",
        "ba mẹ em đi nàm rẫy, trồng sắn",
        "đực không ra đực cái không ra cái",
    ],
)
def test_calm_words_written_by_ear_stay_calm(text: str) -> None:
    """The sounds of a place are no danger."""
    assert understand(text, LEXICON).action != "raise"


@pytest.mark.parametrize("text", ["trồng không tro em gia khỏi nhà, em nàm xao", "em trán xống nắm dồi nàm xao"])
def test_what_a_word_of_its_own_may_mean_is_asked_about_at_most(text: str) -> None:
    """`trồng` may be `chồng` in a message that says `nàm`: that is a question, not a belief."""
    meaning = understand(text, LEXICON)
    assert (meaning.action, meaning.command) == ("ask", None)


@pytest.mark.parametrize(
    ("joined", "words"),
    [
        ("cuuemvoi", "cuu em voi"),
        ("côngangiúpem", "công an giúp em"),
        ("emmuốntựtử", "em muốn tự tử"),
        ("họkhôngchoemăncơm", "họ không cho em ăn cơm"),
        ("emkẹtởmyawaddykhôngcóđườngvề", "em kẹt ở myawaddy không có đường về"),
        ("tôivừachạythoátkhỏicôngty", "tôi vừa chạy thoát khỏi công ty"),
    ],
)
def test_words_run_together_are_taken_apart(joined: str, words: str) -> None:
    """Also where a syllable stands in no rule, and a long one of another language does."""
    assert [token[0] for token in SPELLING.tokens(joined)] == [*map(reading, words.split())]


@pytest.mark.parametrize(
    "word", ["online", "facebook", "messenger", "youtube", "internet", "livestream", "honda", "samsung"]
)
def test_a_word_of_another_language_is_not_taken_apart_into_danger(word: str) -> None:
    """Whatever is made of it, nothing is raised or asked."""
    assert understand(word, LEXICON).action == "calm"
