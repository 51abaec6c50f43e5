"""Cries of neighbour languages: every phrase of the table is heard, in any dress; it is never shown to anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.checks.freshness import age_findings
from content.findings import ContentErrors
from content.lexicon.cries import CryLanguage
from content.loader import load_lexicon
from flows.engine.conversation import Conversation
from flows.model.effects import OpenCase
from flows.understanding import understand
from tests.flows.standings import NOW, Standing, said, type_
from tests.support.content import copy_content, library

LEXICON = library().lexicon
LANGUAGES = {one.lang: one for one in LEXICON.cries}
NEIGHBOURS = ("zh", "th", "lo", "km", "my")
DRESSES = {
    "as written": "{}",
    "among signs": "!! {} ...",
    "with polite Vietnamese": "chị ơi {} ạ",
    "in a story": "{0} {0}. em ở đây",
    "on a line of its own": "\n{}\n",
}


def phrases(kind: str) -> list[tuple[str, str]]:
    """Every phrase of the table of one kind with its language."""
    return [(one.lang, phrase) for one in LEXICON.cries for phrase in getattr(one, kind)]


@pytest.mark.parametrize("dress", DRESSES)
def test_an_unmistakable_cry_is_believed(dress: str) -> None:
    """Save me, they beat me, I am locked in, let me go, call the police: level 3 at least, whatever stands around."""
    for lang, phrase in phrases("raises"):
        meaning = understand(DRESSES[dress].format(phrase), LEXICON)
        assert (meaning.action, meaning.level >= 3) == ("raise", True), (lang, phrase)


@pytest.mark.parametrize("dress", DRESSES)
def test_every_other_cry_asks_at_least_and_its_question_carries_the_numbers(dress: str) -> None:
    """Fear, hunger, a passport taken away: one question, and the numbers do not wait for its answer."""
    for lang, phrase in phrases("asks"):
        meaning = understand(DRESSES[dress].format(phrase), LEXICON)
        assert meaning.action in ("ask", "raise"), (lang, phrase)
        assert meaning.level >= 3
        assert meaning.action == "raise" or meaning.numbers, (lang, phrase)


def test_spaces_and_tone_marks_do_not_hide_a_cry() -> None:
    """Thai and Lao are typed with spaces anywhere and without tone marks; Korean and Han with signs between."""
    for text in ("ชวย ดวย", "ຊວຍ ຂອຍ", "救 命", "살려 주 세요", "放我走!!!", "помогите!!!", "TOLONG SAYA"):
        assert understand(text, LEXICON).action == "raise", text


def test_the_neighbours_have_forty_phrases_each() -> None:
    """Chinese, Thai, Lao, Khmer and Burmese; the others fewer."""
    assert all(len(LANGUAGES[lang].phrases) >= 40 for lang in NEIGHBOURS)
    assert {"id", "ms", "ar", "ko", "ja", "ru"} <= LANGUAGES.keys()


def test_for_minority_languages_no_phrase_was_made_by_a_machine() -> None:
    """Their places are kept free for speakers."""
    free = {one.lang for one in LEXICON.cries if one.status == "no text yet"}
    assert {"hmn", "blt", "twh", "tyz"} <= free
    assert not any(LANGUAGES[lang].phrases for lang in free)


def test_no_phrase_of_the_table_stands_in_a_text_that_is_shown() -> None:
    """They are for recognition only: no native speaker has read them."""
    shown = " ".join(card.text for versions in library().cards.values() for card in versions.values())
    assert not [
        phrase for kind in ("raises", "asks") for _, phrase in phrases(kind) if not phrase.isascii() and phrase in shown
    ]


def test_a_check_counts_what_awaits_a_native_reader() -> None:
    """One line for each language, with its file and line; a release waits for it, the service does not."""
    found = [finding for finding in age_findings(library(), NOW.date()) if "await a native reader" in finding.message]
    waiting = [one for one in LEXICON.cries if one.status == "needs native review"]
    assert [(finding.line, finding.severity) for finding in found] == [(one.line, "age") for one in waiting]
    assert f'{len(LANGUAGES["th"].phrases)} cries in "th"' in " ".join(finding.message for finding in found)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("status: needs native review", "status: fine", 'give "status" one of'),
        ("status: needs native review", "status: reviewed", "reviewed by nobody"),
        ("    raises:\n", "    raise:\n", 'unknown field "raise"'),
        ('      "救命": cứu mạng\n', '      "救命": ""\n', '"raises"'),
        ("  th:\n    status", "  zh:\n    status", "zh"),
        ("{status: no text yet, source", '{status: no text yet, asks: {"x y": z}, source', 'the status "no text yet"'),
        ('      "我很害怕": tôi rất sợ\n', '      "救命": cứu mạng\n', "both raises and asks"),
    ],
)
def test_a_mistake_in_the_table_is_named_by_file_and_line(old: str, new: str, wrong: str, tmp_path: Path) -> None:
    """Whoever edits it is told where to look and what is right."""
    root = copy_content(tmp_path)
    file = root / "lexicon" / "cries_elsewhere.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(ContentErrors) as refused:
        load_lexicon(root)
    assert any(
        str(one).startswith("lexicon/cries_elsewhere.yaml:") and one.line > 1 and wrong in str(one)
        for one in refused.value.findings
    ), refused.value


def test_a_cry_elsewhere_opens_a_case_with_the_numbers_first(content: Conversation) -> None:
    """As the first message of all."""
    for phrase in ("救命", "ช่วยด้วย", "ຊ່ວຍຂ້ອຍ", "ជួយខ្ញុំ", "ကယ်ပါ", "jangan pukul saya"):
        _, effects = type_(content, Standing().but(on_duty=True), phrase)
        assert said(effects)[0] == content.emergency("", "vi")
        assert [effect.level for effect in effects if isinstance(effect, OpenCase)] == [3]
        assert all(phrase not in effect.reason for effect in effects if isinstance(effect, OpenCase))


def test_a_language_says_what_it_has() -> None:
    """Its phrases in the order of the file."""
    one = CryLanguage(lang="zh", status="reviewed", source="x", raises={"a": "b"}, asks={"c": "d"})
    assert one.phrases == ("a", "c")


SIGNS = (
    *(
        "113 113",
        "113113",
        "111 111",
        "gọi 113 giùm",
        "gọi 113 giùm em",
        "goi 113 dum",
        "gọi giúp em công an",
        "alo 113",
    ),
    *("🔒", "🔒🔒", "🔒😰📵", "📵🔒", "😰🔒", "🆘🔒", "🆘", "⛓️", "kk park", "kim sa", "Tam giác vàng", "tam giac vang"),
    *("em ở kk park", "em đang ở myawaddy ạ", "trốn", "em trốn", "em muốn trốn", "em sợ", "e so", "em so a"),
)
NO_SIGNS = (
    *("gọi 113 có mất tiền không", "gọi 111 gặp ai", "😱", "👍", "kk", "kkkk", "trốn tìm", "em đi kk"),
    *("113 là số gì", "số 111 gọi giờ nào", "khóa cửa 🔒 rồi ngủ thôi"),
)


@pytest.mark.parametrize("text", SIGNS)
def test_signs_and_single_words_ask_with_the_numbers(text: str) -> None:
    """A short number twice, a lock, the name of a compound, "flee": all that she may be able to send."""
    meaning = understand(text, LEXICON)
    assert meaning.action in ("ask", "raise"), meaning
    assert meaning.level >= 3
    assert meaning.action == "raise" or meaning.numbers


@pytest.mark.parametrize("text", NO_SIGNS)
def test_talk_about_numbers_and_games_is_no_sign(text: str) -> None:
    """A question about a hotline, a face, laughter."""
    assert understand(text, LEXICON).action == "calm"
