"""How typed words are read: letters taken apart, keys repaired, shorthand, look-alikes, and nothing ever crashing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.lexicon.patterns import PatternError, parse
from flows.text.letters import fold, tidy
from flows.understanding import understand
from flows.understanding.classifier import ARTICLE
from flows.understanding.telex import is_syllable, repair
from tests.support import content

LEXICON = content.library().lexicon


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cuwus", "cứu"),
        ("cuwsu", "cứu"),
        ("cu7u1", "cứu"),
        ("giups", "giúp"),
        ("giu1p", "giúp"),
        ("bij", "bị"),
        ("bi5", "bị"),
        ("ddanhs", "đánh"),
        ("danhds", "đánh"),
        ("d9a1nh", "đánh"),
        ("nhoots", "nhốt"),
        ("nhotos", "nhốt"),
        ("khoong", "không"),
        ("tooi", "tôi"),
        ("dduwowngf", "đường"),
        ("duwngf", "dừng"),
        ("dunwgf", "dừng"),
    ],
)
def test_telex_and_vni_residue_is_repaired(typed: str, meant: str) -> None:
    """What the keyboard left uncomposed becomes the syllable; where the tone stands does not matter."""
    assert letters(repair(typed)) == letters(meant)


def letters(word: str) -> list[str]:
    """Return base letters, marks and tone of a word, in no order."""
    return sorted(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["em", "toi", "thoat", "help", "the", "15t", "88", "xx", "", "zalo", "facebook"])
def test_words_that_are_whole_are_left_alone(word: str) -> None:
    """A syllable, an English word, a number or a name is not turned into something else."""
    assert repair(word) == ""


@pytest.mark.parametrize("word", ["nghieng", "chuyen", "khuya", "quyen", "oanh", "a", "yeu", "giet"])
def test_syllables_are_known(word: str) -> None:
    """The shape of a Vietnamese syllable is recognised without marks."""
    assert is_syllable(word)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Cứu EM", "cuu em"),
        ("ĐƯỜNG", "duong"),
        ("Ðánh", "danh"),
        ("hòa hoà", "hoa hoa"),
        ("сứu", "cuu"),
        ("ｃứu　ｅｍ", "cuu em"),
        ("cứu\u200b em\ufe0f", "cuu em"),
        (unicodedata.normalize("NFD", "Nhịp Cầu"), "nhip cau"),
    ],
)
def test_folding_takes_case_marks_look_alikes_and_invisible_letters_away(typed: str, folded: str) -> None:
    """Cyrillic с, full-width letters, Ð for Đ and zero-width characters are what people and keyboards produce."""
    assert fold(typed) == folded


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    """Marks and tones are read by position, so the folded text is as long as the tidied one."""
    assert len(fold(text)) == len(tidy(text))


@pytest.mark.parametrize(
    "text",
    [
        "cứu em với",
        "cuu em voi",
        "cuwsu em vowis",
        "CUU EM VOI",
        "cứuuuuu emmm vớiiii",
        "cuuuuuu emmmm",
        "c.ứ.u e.m",
        "c-ứ-u em",
        "cưú em vơí",
        "cuu e vs",
        "сứu em với",
        "🆘",
        "em 🆘 em",
        "S.O.S",
        "sooos",
        "救命",
        "请救命啊",
        "ช่วยด้วย",
        "ជួយខ្ញុំផង",
        "ຊ່ວຍແດ່",
        "help me",
        "PLEASE HELP",
        "hepl me",
    ],
)
def test_a_cry_is_heard_however_it_is_written(text: str) -> None:
    """From any keyboard, script and state of mind, help is heard at level 3 or above."""
    meaning = understand(text, LEXICON)
    assert (meaning.action, meaning.level >= 3) == ("raise", True)


@pytest.mark.parametrize(
    "text",
    ["cứu trợ lũ lụt", "cuu tro lu lut", "cứu trợ lũ lụt ở xã", "nghiên cứu", "thịt cừu nướng", "tập huấn cứu hộ"],
)
def test_words_that_only_look_like_a_cry_are_not_one(text: str) -> None:
    """Relief goods, research, mutton and fire drills open no case."""
    meaning = understand(text, LEXICON)
    assert (meaning.action, meaning.level) == ("calm", 0)


def test_words_without_tones_that_spell_both_are_asked_about() -> None:
    """`lua ban` is rice for sale or a woman sold: one question decides."""
    assert understand("lúa bán sang trung quốc được giá", LEXICON).action == "calm"
    assert understand("bị lừa bán sang trung quốc", LEXICON).action == "raise"
    assert understand("lua ban sang trung quoc duoc gia", LEXICON).action == "ask"


def test_a_long_article_is_asked_about_and_never_believed_at_once() -> None:
    """Group members paste whole articles about danger."""
    article = "Hôm nay tổ em chia sẻ. " + "Chị ấy bị nhốt và bị đánh đập nhiều ngày. " * 10
    assert len(article) > ARTICLE
    assert understand(article, LEXICON).action == "ask"


def test_a_story_in_a_session_is_not_somebodys_cry() -> None:
    """The material of a communication group speaks of danger without being in it."""
    assert understand("câu chuyện người bị bán trong bài truyền thông", LEXICON).action != "raise"
    assert understand("em xem bài truyền thông rồi, em cũng bị bán", LEXICON).action == "raise"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
@example("\ud800")
@example("a" * 100_000)
@example("cứu " * 20_000)
@example("." * 5_000)
@example("1" * 5_000)
@example("\u0301" * 1_000)
@example("🆘" * 3_000)
def test_no_text_whatever_makes_it_fail(text: str) -> None:
    """Any string gives a meaning with a level from 0 to 4 and one of three actions."""
    meaning = understand(text, LEXICON)
    assert 0 <= meaning.level <= 4
    assert meaning.action in ("raise", "ask", "calm")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(sorted({word for words in LEXICON.sets.values() for word in words})), max_size=30))
def test_any_salad_of_known_words_gives_a_meaning_quickly(words: list[str]) -> None:
    """Every known word may meet every other; nothing explodes."""
    assert understand(" ".join(words), LEXICON) == understand(" ".join(words), LEXICON)


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("cứu (em|tôi)", "cannot be read"),
        ("cứu <nobody>", "unknown set <nobody>"),
        ("..", "would match every message"),
        ("<me>?", "would match every message"),
        ("^ $", "would match every message"),
        ("cứu em|", "cannot be read"),
        ("cứu ..0 em", "cannot be read"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_its_fault(pattern: str, wrong: str) -> None:
    """The small language of the lexicon says what it did not understand."""
    with pytest.raises(PatternError, match=wrong):
        parse(pattern, frozenset({"me"}))
