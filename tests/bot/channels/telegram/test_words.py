"""What a message says besides its letters: the addresses behind its words and its preview."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.words import with_addresses
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
