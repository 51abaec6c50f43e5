"""Code words: what can be one, in which form it is compared, and whether it was just said. Pure."""

from __future__ import annotations

import hashlib
import hmac

from content.lexicon.model import LexiconData
from flows.model.facts import Facts
from flows.parsing.polite_words import PARTICLES, plain, without_polite
from flows.text.letters import bare, fold
from flows.understanding import understand

SHORTEST, LONGEST = 3, 40

ANSWERS = (
    *("có", "không", "ko", "hông", "hong", "chưa", "rồi", "dạ", "vâng", "ừ", "uh", "ừm", "ừa", "đúng", "phải", "vậy"),
    *("thế", "đi", "nhỉ", "thì", "mà", "cho", "với"),
    *("được", "đồng", "ý", "thôi", "biết", "hiểu", "gì", "sao", "nào", "đâu", "là", "và", "cũng", "ok", "oke", "okay"),
    *("yes", "no", "nope", "yeah", "yep", "hello", "hi", "alo", "chào", "xin", "cảm", "cám", "ơn", "để", "sau", "này"),
    *("đó", "đấy", "đây", "tôi", "mình", "em", "chị", "anh", "cô", "bạn", "từ", "mã", "chữ", "khóa", "mật", "ơi"),
    *("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "nhất", "nhì", "số"),
)
"""Words that answer, greet, count or hold a sentence together: one that has only such words is no code word."""

TALKS = (
    *("không", "gì", "nào", "hỏi", "hiểu", "chọn", "giúp", "tùy", "tuỳ", "cũng", "chưa", "rồi", "phải", "muốn", "được"),
    *("ví dụ", "khong", "hieu", "giup", "duoc", "nghĩa là", "để làm"),
)
"""Words that ask, deny or leave it to somebody else: no code word has one. Without tones only what is nothing else."""
SURNAMES = ("nguyễn", "nguyen", "phạm", "pham", "huỳnh", "huynh", "đặng", "giàng", "sùng", "thào")
"""Words that a name of several words begins with, and hardly a thing."""
MIDDLE_NAMES = ("thị", "thi", "văn")
MOST_WORDS = 5
"""Words of a code word; more are a sentence."""

_ANSWERS = frozenset({*ANSWERS, *PARTICLES, *map(fold, (*ANSWERS, *PARTICLES))})


def folded(text: str) -> str:
    """The form in which a word is kept: without tones, case, signs and polite words, as cheap phones type it."""
    return fold(without_polite(plain(text[: LONGEST * 4]), wide=False))


def readings(text: str) -> tuple[str, ...]:
    """Every form that a typed text may have been kept in: its words as they are, and without the polite ones."""
    words = plain(text[: LONGEST * 4])
    forms = words, without_polite(words, wide=False), without_polite(words, wide=True)
    return tuple(dict.fromkeys([bare(form) for form in forms]))


def usable(text: str, lexicon: LexiconData) -> bool:
    """Say whether a text can be a code word: 3-40 letters, read in one way, that mean nothing else to us."""
    word = folded(text)
    if not SHORTEST <= len(word) <= LONGEST or not any(letter.isalpha() for letter in word):
        return False
    if word != readings(text)[-1] or _only_answers(text) or _talks(text) or _names_somebody(text):
        return False
    meanings = [understand(form, lexicon) for form in (without_polite(plain(text), wide=False), word)]
    return all(
        meaning.level == 0 and meaning.action == "calm" and not meaning.command and not meaning.topic
        for meaning in meanings
    )


def _only_answers(text: str) -> bool:
    """Say whether every word of a text is one that answers, greets, counts or holds a sentence together."""
    words = without_polite(plain(text), wide=False).split()
    return all(word in _ANSWERS or word.isdigit() for word in words)


def _talks(text: str) -> bool:
    """Say whether a text is a sentence about the word, not the word: it asks, denies, or is long."""
    words = f" {without_polite(plain(text), wide=False)} "
    return len(words.split()) > MOST_WORDS or any(f" {talk} " in words for talk in TALKS)


def _names_somebody(text: str) -> bool:
    """Say whether a text is the whole name of a person, which is not kept as a word."""
    words = without_polite(plain(text), wide=False).split()
    return len(words) > 1 and (words[0] in SURNAMES or any(word in MIDDLE_NAMES for word in words[1:-1]))


def tag(salt: bytes, word: str) -> bytes:
    """The keyed hash of a folded word (16 bytes); the word itself is kept nowhere."""
    return hashlib.blake2b(word.encode("utf-8", "replace"), key=salt, digest_size=16).digest()


def tags(text: str, salt: bytes) -> list[bytes]:
    """The keyed hash of every reading of a typed text: as many whether or not a word is kept."""
    return [tag(salt, form) for form in readings(text)]


def is_one(typed: list[bytes], kept: bytes) -> bool:
    """Say whether one of the hashes of a typed text is the one that was kept; all of them are compared."""
    return any([hmac.compare_digest(one, kept) for one in typed])


def opens(text: str, facts: Facts) -> bool:
    """Say whether this text is the word that a waiting check-in waits for."""
    care = facts.care
    if care is None or not care.code or len(text) > LONGEST * 4:
        return False
    return is_one(tags(text, facts.salt), care.code)
