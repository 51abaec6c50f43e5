"""Code words: what can be one, in which form it is compared, and whether it was just said. Pure."""

from __future__ import annotations

import hashlib
import hmac

from content.lexicon.model import LexiconData
from flows.model.facts import Facts
from flows.text.letters import fold
from flows.understanding import understand

SHORTEST, LONGEST = 3, 40


def folded(text: str) -> str:
    """The form in which a word is compared: without tones, case and spare spaces, as cheap phones type it."""
    return " ".join(fold(text[: LONGEST * 4]).split())


def usable(text: str, lexicon: LexiconData) -> bool:
    """Say whether a text can be a code word: 3-40 letters of which none means anything else to us."""
    word = folded(text)
    if not SHORTEST <= len(word) <= LONGEST or not any(letter.isalpha() for letter in word):
        return False
    meaning = understand(text, lexicon)
    return meaning.level == 0 and meaning.action == "calm" and not meaning.command and not meaning.topic


def tag(salt: bytes, word: str) -> bytes:
    """The keyed hash of a folded word (16 bytes); the word itself is kept nowhere."""
    return hashlib.blake2b(word.encode("utf-8", "replace"), key=salt, digest_size=16).digest()


def opens(text: str, facts: Facts) -> bool:
    """Say whether this text is the word that a waiting check-in waits for."""
    care = facts.care
    if care is None or not care.code or len(text) > LONGEST * 4:
        return False
    return hmac.compare_digest(tag(facts.salt, folded(text)), care.code)
