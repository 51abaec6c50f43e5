"""What a message says besides its letters: the addresses behind its words and its preview."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.updates import ChatFields, SentMessage
from bot.channels.telegram.words import LONGEST, answered, with_addresses
from tests.bot.channels.telegram.test_reader import FILE, PHOTO, bot, edited, message, raw_of

ADVERT = "https://example.com/tuyen-dung"
LINK = {"type": "text_link", "offset": 4, "length": 7, "url": ADVERT}
SHOWN = f"xem cái này\n{ADVERT}"


@pytest.mark.parametrize(
    "update",
    [
        message(text="xem cái này", entities=[LINK]),
        message(text="xem cái này", entities=[{"type": "bold", "offset": 0, "length": 3}, LINK, LINK]),
        message(photo=PHOTO, caption="xem cái này", caption_entities=[LINK]),
        message(video=FILE | {"width": 1, "height": 1, "duration": 1}, caption="xem cái này", caption_entities=[LINK]),
        message(text="xem cái này", link_preview_options={"url": ADVERT}),
        message(text=SHOWN, link_preview_options={"url": ADVERT}),
        edited(text="xem cái này", entities=[LINK]),
        edited(photo=PHOTO, caption="xem cái này", caption_entities=[LINK]),
    ],
    ids=["link", "twice", "picture", "video", "preview", "typed and previewed", "edit", "edited words of a picture"],
)
def test_an_address_behind_words_is_part_of_what_she_wrote(update: dict[str, Any]) -> None:
    """A linked word, in a text, beside a picture, in an edit; a preview's own address; each of them once."""
    arrived = bot().read(raw_of(update))
    assert arrived is not None
    assert arrived.incoming.text == SHOWN


@pytest.mark.parametrize(
    "entities", [None, 7, "x", {}, [7], [{}], [{"type": "text_link", "url": 7}], [{"type": "text_link"}]]
)
def test_what_is_no_link_costs_no_word(entities: object) -> None:
    """Whatever stands where links should, her words are read as they are."""
    assert with_addresses("cứu em", {"entities": entities, "link_preview_options": entities}) == "cứu em"
    arrived = bot().read(raw_of(message(text="cứu em", entities=entities, link_preview_options=entities)))
    assert arrived is not None
    assert arrived.incoming.text == "cứu em"


def test_a_preview_that_she_switched_off_says_nothing() -> None:
    """Its address is not shown to anybody."""
    options = {"is_disabled": True, "url": ADVERT}
    assert with_addresses("xem", {"link_preview_options": options}) == "xem"


QUESTION = {"message_id": 5, "date": 0, "chat": {"id": 42, "type": "private"}, "text": "Chị có an toàn không?"}
LONG = {**QUESTION, "text": "a" * 1000}


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ({"reply_to_message": QUESTION}, "Chị có an toàn không?"),
        ({"reply_to_message": QUESTION, "quote": {"text": "an toàn", "position": 7}}, "an toàn"),
        ({"external_reply": {}, "quote": {"text": "việc nhẹ", "position": 0}}, "việc nhẹ"),
        ({"reply_to_message": {**QUESTION, "text": None, "photo": PHOTO, "caption": "đây"}}, "đây"),
        ({"reply_to_message": {**QUESTION, "text": "xem này", "entities": [LINK]}}, f"xem này {ADVERT}"),
        ({"reply_to_message": {**QUESTION, "text": "một\n\n hai"}}, "một hai"),
        ({"reply_to_message": LONG}, "a" * (LONGEST - 1) + "…"),
        ({"reply_to_message": {**QUESTION, "text": None, "forum_topic_created": {"name": "x"}}}, ""),
        ({"reply_to_message": 7, "quote": [1]}, ""),
        ({"reply_to_message": {"text": 7}, "quote": {"text": 7}}, ""),
    ],
    ids=["message", "part", "elsewhere", "picture", "link", "lines", "long", "a topic's beginning", "odd", "odder"],
)
def test_what_a_message_answers_is_told_with_it(beside: dict[str, Any], expected: str) -> None:
    """The words of the message she replied to, or the part of it she chose; never more than stands on one line."""
    assert answered(beside) == expected
    read = bot().read(raw_of(message(text="có ạ", **beside)))
    assert read is not None
    assert (read.incoming.text, read.incoming.answers) == ("có ạ", expected)


def test_a_picture_can_be_an_answer() -> None:
    """What it answers is told with the words beside it."""
    read = bot().read(raw_of(message(photo=PHOTO, caption="đây ạ", reply_to_message=QUESTION)))
    assert read is not None
    assert (read.incoming.text, read.incoming.answers) == ("đây ạ", "Chị có an toàn không?")


@pytest.mark.parametrize(
    ("markup", "label"),
    [
        ({"inline_keyboard": [[{"text": "Không", "callback_data": "7:1"}]]}, "Không"),
        (
            {"inline_keyboard": [[{"text": "Có", "callback_data": "7:0"}, {"text": "Không", "callback_data": "7:1"}]]},
            "Không",
        ),
        ({"inline_keyboard": [[{"text": "Không", "callback_data": "6:1"}]]}, ""),
        ({"inline_keyboard": [[{"text": 5, "callback_data": "7:1"}]]}, ""),
        ({"inline_keyboard": [None, "x", [7]]}, ""),
        ({"inline_keyboard": 3}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_a_press_tells_what_stands_on_the_button(markup: object, label: str) -> None:
    """By its data, whatever else the platform put there."""
    assert SentMessage(ChatFields(7), reply_markup=markup).label("7:1") == label
