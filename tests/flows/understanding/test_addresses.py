"""An address in a message: its letters may say what she asks about, and never that she cries, is asked, or stops."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.understanding import understand

HEADLINES = (
    "https://example.com/chong-danh-vo-nhap-vien",
    "https://example.com/cuu-em-voi",
    "http://example.com/bi-ban-sang-campuchia-keu-cuu",
    "www.example.com/em-muon-chet",
    "https://example.com/dung-lai",
)


@pytest.mark.parametrize("address", HEADLINES)
@pytest.mark.parametrize("words", ["", "xem cái này", "chào chị"])
def test_an_address_cries_for_nobody(address: str, words: str, content: Conversation) -> None:
    """A headline in the address of an article is nobody's plea and nobody's order, whatever stands beside it."""
    lexicon = content.library.lexicon
    meaning = understand(f"{words}\n{address}".strip(), lexicon)
    plain = understand(words, lexicon)
    assert (meaning.level, meaning.action, meaning.command) == (plain.level, plain.action, plain.command)


@pytest.mark.parametrize("cry", ["cứu em với", "chồng đang đánh em", "em muốn chết", "dừng"])
def test_an_address_takes_nothing_from_her_words(cry: str, content: Conversation) -> None:
    """A cry or an order beside an address, before it or behind, is what it is alone."""
    lexicon = content.library.lexicon
    alone = understand(cry, lexicon)
    assert alone.action == "raise" or alone.command
    beside = (
        f"{cry} https://example.com/tuyen-dung",
        f"https://example.com/chong-danh-vo\n{cry}",
        f"https://x.vn,{cry}",
    )
    for text in beside:
        meaning = understand(text, lexicon)
        assert (meaning.action, meaning.command, meaning.level) == (alone.action, alone.command, alone.level), text


@pytest.mark.parametrize("typed", ["https://cuu em voi", "www.cuu em voi", "cuu.em.voi", "http cuu em voi"])
def test_what_only_begins_like_an_address_is_what_she_says(typed: str, content: Conversation) -> None:
    """Without a host there is no page: the words are hers."""
    assert understand(typed, content.library.lexicon).action == "raise"


def test_what_an_address_is_about_still_counts(content: Conversation) -> None:
    """The address of a job advert leads to the questions about an offer."""
    meaning = understand("xem cái này\nhttps://example.com/tuyen-dung-viec-lam", content.library.lexicon)
    assert (meaning.action, meaning.topic) == ("calm", "job_offer_check")
