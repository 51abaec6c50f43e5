"""Rendering: what each channel shows of a message, and which typed answers are understood."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from content.schema import Limits
from flows.model.messages import Button, Choice, Outgoing, Shown
from flows.rendering.render import pressed, render
from flows.text.splitting import length, split
from tests.support import content

LIBRARY = content.library()
TELEGRAM, ZALO, BOT = (LIBRARY.limits[name] for name in ("telegram", "zalo_oa", "zalo_bot"))
YES_NO = (Choice("Có", "yes", "danger"), Choice("Không", "no"), Choice("Không biết", "unsure"))
FAMILY = "👩‍👩‍👧"


def test_telegram_shows_buttons_with_the_nonce_and_the_place_from_zero() -> None:
    """The text stays as it is; each button carries `nonce:index` and its colour."""
    assert render(Outgoing("Bạn có đang an toàn không?", YES_NO), TELEGRAM, 7) == (
        Shown(
            "Bạn có đang an toàn không?",
            (Button("Có", "7:0", "danger"), Button("Không", "7:1"), Button("Không biết", "7:2")),
        ),
    )


@pytest.mark.parametrize("limits", [ZALO, BOT], ids=["zalo_oa", "zalo_bot"])
def test_zalo_shows_a_numbered_list(limits: Limits) -> None:
    """The same message without buttons: numbers from 1 under an empty line."""
    assert render(Outgoing("Bạn có đang an toàn không?", YES_NO), limits, 7) == (
        Shown("Bạn có đang an toàn không?\n\n1. Có\n2. Không\n3. Không biết"),
    )


def test_a_label_too_long_for_a_button_is_read_in_a_list() -> None:
    """The buttons then carry numbers and nothing of a label is cut."""
    long = Choice("Tôi muốn hỏi về giấy tờ của con tôi sinh ở nước ngoài", "papers")
    (shown,) = render(Outgoing("Chọn:", (Choice("Có", "yes"), long)), TELEGRAM, 1)
    assert shown.text == f"Chọn:\n\n1. Có\n2. {long.label}"
    assert [button.label for button in shown.buttons] == ["1", "2"]


def test_more_choices_than_buttons_fit_go_on_another_page() -> None:
    """Every choice has its button, each with its own place."""
    choices = tuple(Choice(f"Lựa chọn {number}", f"c{number}") for number in range(30))
    shown = render(Outgoing("Chọn:", choices), TELEGRAM, 3)
    assert [len(page.buttons) for page in shown] == [12, 12, 6]
    assert [button.data for page in shown for button in page.buttons] == [f"3:{index}" for index in range(30)]
    assert [page.quiet for page in shown] == [False, True, True]


def test_data_that_cannot_fit_a_button_is_refused_with_the_channel_named() -> None:
    """A bug is found in a test, not on a phone."""
    with pytest.raises(ValueError, match="telegram: a button may carry 64 bytes"):
        render(Outgoing("?", YES_NO), TELEGRAM, 10**70)


def test_numbers_and_links_that_the_text_does_not_name_are_added() -> None:
    """A channel without contact cards shows them in words; those already written are not repeated."""
    (shown,) = render(Outgoing("Gọi +84 981 84 84 84", phones=("+84981848484", "111"), link="https://a.vn/x"), ZALO, 0)
    assert shown.text == "Gọi +84 981 84 84 84\nhttps://a.vn/x\n111"


def test_a_picture_travels_with_its_words_when_they_fit() -> None:
    """A caption of Telegram is short: longer words follow the picture in their own message."""
    assert render(Outgoing("ngắn", media="pic"), TELEGRAM, 0) == (Shown("ngắn", media="pic"),)
    first, second = render(Outgoing("dài " * 400, media="pic"), TELEGRAM, 0)
    assert (first.text, first.media, second.media, second.quiet) == ("", "pic", "", True)


def test_forwarding_is_forbidden_on_every_part() -> None:
    """A message that may not be passed on stays so when it is cut."""
    shown = render(Outgoing("Câu này dài. " * 400, YES_NO, protect=True), ZALO, 0)
    assert len(shown) > 1
    assert all(part.protect for part in shown)


def test_every_card_we_ship_is_one_message_on_every_channel() -> None:
    """Nobody gets half a card."""
    for name, versions in LIBRARY.cards.items():
        for lang, card in versions.items():
            if card.slots:
                continue
            filled = LIBRARY.say(name, lang)
            choices = tuple(Choice(label, value) for label, value, _ in filled.choices)
            for limits in LIBRARY.limits.values():
                assert len(render(Outgoing(filled.text, choices), limits, 999)) == 1, (name, lang, limits.channel)


graphemes = st.lists(
    st.one_of(
        st.sampled_from(
            ["a", "ế", "đ", "\n", "\n\n", " ", ". ", FAMILY, "ơ̆", "🆘", "e\u0301\u0323", "ก็", "\r\n", "\t"]
        ),
        st.characters(codec="utf-8"),
    ),
    max_size=400,
).map("".join)


def clusters(text: str) -> list[str]:
    """Return the graphemes of a text that are not blank."""
    return [cluster for cluster in regex.findall(r"\X", text) if not cluster.isspace()]


@settings(max_examples=200, deadline=None)
@given(graphemes, st.integers(min_value=40, max_value=200), st.sampled_from(["utf16", "characters"]))
def test_splitting_loses_nothing_breaks_no_grapheme_and_keeps_the_limit(text: str, limit: int, unit: str) -> None:
    """Whatever the text, the parts hold the same graphemes in the same order, none longer than allowed."""
    text = unicodedata.normalize("NFC", text)
    parts = split(text, limit, unit)
    assert all(length(part, unit) <= limit for part in parts)
    if all(length(cluster, unit) <= limit for cluster in regex.findall(r"\X", text)):
        assert [cluster for part in parts for cluster in clusters(part)] == clusters(text)


def test_splitting_prefers_paragraphs_then_sentences_then_words() -> None:
    """People read whole thoughts."""
    assert split("Một hai ba.\n\nBốn năm sáu bảy.", 20, "characters") == ["Một hai ba.", "Bốn năm sáu bảy."]
    assert split("Một hai ba bốn. Năm sáu bảy tám.", 24, "characters") == ["Một hai ba bốn.", "Năm sáu bảy tám."]
    assert split("một hai ba bốn năm sáu", 12, "characters") == ["một hai ba", "bốn năm sáu"]


def test_a_cluster_longer_than_a_message_is_cut_rather_than_lost() -> None:
    """A letter under a thousand marks cannot be carried whole; its code points are."""
    monster = "a" + "\u0323" * 1000
    parts = split(monster, 100, "characters")
    assert "".join(parts) == monster
    assert all(len(part) <= 100 for part in parts)


@settings(max_examples=100, deadline=None)
@given(
    graphemes,
    st.lists(st.text(alphabet="abcđếồ ", min_size=1, max_size=60).filter(str.strip), max_size=40),
    st.sampled_from([TELEGRAM, ZALO, BOT]),
    st.integers(min_value=0, max_value=10**9),
)
def test_every_part_keeps_the_limits_of_its_channel_and_every_answer_can_be_given(
    text: str, labels: list[str], limits: Limits, nonce: int
) -> None:
    """Text, caption, buttons and data fit; every choice is a button or a number."""
    choices = tuple(Choice(label, f"v{index}") for index, label in enumerate(labels))
    shown = render(Outgoing(text, choices), limits, nonce)
    data = []
    for part in shown:
        assert length(part.text, limits.text_unit) <= limits.text_max
        assert len(part.buttons) <= limits.buttons_max
        data += [button.data for button in part.buttons]
        assert all(len(button.data.encode()) <= limits.callback_bytes for button in part.buttons)
    if limits.choices == "buttons":
        assert [pressed(each, nonce, choices) for each in data] == list(choices)
    else:
        assert all(f"{number}. " in "\n".join(part.text for part in shown) for number in range(1, len(choices) + 1))


@pytest.mark.parametrize(
    ("data", "value"),
    [("7:0", "yes"), ("7:2", "unsure"), ("6:0", None), ("7:3", None), ("7:-1", None), ("7", None), ("", None)],
)
def test_a_press_counts_only_on_the_question_on_offer(data: str, value: str | None) -> None:
    """Old buttons and invented data are nothing."""
    choice = pressed(data, 7, YES_NO)
    assert (choice.value if choice else None) == value
