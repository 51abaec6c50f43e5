"""Every card of every shelf can be reached by number, and read to the end of its shelf, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import RecordConsent, Say
from flows.rendering.pagination import numbered
from tests.flows.standings import Standing, digits, said, standing, type_

ROOMS = {"offers": "2", "journey": "44", "safety": "5"}
"""What is typed on the first page on the way to each room."""


def lists(content: Conversation, lang: str) -> Iterator[tuple[str, Standing]]:
    """Walk from the menu through every room and every shelf; yields each page of each list."""
    for room, typed in ROOMS.items():
        inside = standing(content, "Menu:menu", lang)
        for number in typed:
            inside, _ = type_(content, inside, number)
        assert inside.session.state == f"Topics:{room}"
        for shelf in (one.id for one in content.library.shelves.values() if one.room == room):
            page = opened(content, shelf, lang)
            for _ in range(content.pages(shelf)):
                yield shelf, page
                page = press(content, page, "page")


def press(content: Conversation, her: Standing, value: str) -> Standing:
    """Choose the answer with this value, if it is offered."""
    offered = digits(her.session.prompt)
    return type_(content, her, offered[value])[0] if value in offered else her


def opened(content: Conversation, shelf: str, lang: str) -> Standing:
    """Open a shelf from its room; that of the young, where a corner of theirs stands instead, as typed words do."""
    at = press(content, standing(content, f"Topics:{content.library.shelves[shelf].room}", lang), shelf)
    if at.session.state == "Topics:shelf":
        return at
    read = standing(content, "Topics:finished", lang, data={"shelf": shelf, "page": "0"})
    return press(content, read, "list")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_card_of_every_shelf_is_reached_by_numbers(lang: str, content: Conversation) -> None:
    """From the menu: room, shelf, page, card; help and the menu are offered under each list and each card."""
    read = set()
    for shelf, page in lists(content, lang):
        for number, choice in enumerate(numbered(page.session.prompt), 1):
            if choice.value in content.shelf(shelf):
                after, effects = type_(content, page, str(number))
                [shown] = said(effects)
                assert shown.text.startswith(content.card(choice.value, lang).text)
                assert {"human", "menu"} <= {offered.value for offered in after.session.prompt}
                read.add(choice.value)
        assert {"human", "menu"} <= {offered.value for offered in page.session.prompt}
    assert read == {card for shelf in content.library.shelves for card in content.shelf(shelf)}
    assert len(read) > 64


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_shelf_is_read_from_its_first_card_to_its_last(lang: str, content: Conversation) -> None:
    """Reading on shows each card of the shelf once, in order, then the end."""
    for shelf in content.library.shelves:
        her, effects = type_(content, opened(content, shelf, lang), "1")
        for card in content.shelf(shelf):
            assert said(effects)[0].text.startswith(content.card(card, lang).text)
            her, effects = type_(content, her, "1")
        assert her.session.state == "Topics:finished"
        assert said(effects) == [content.card("topic_finished", lang)]


def test_a_list_fits_one_message_and_each_line_can_be_typed(content: Conversation) -> None:
    """At most twelve lines of at most forty characters; a title typed without its tones opens its card."""
    for _, page in lists(content, "vi"):
        assert len(page.session.prompt) <= 12
        assert all(len(choice.label) <= 40 for choice in page.session.prompt)
    checks = press(content, standing(content, "Topics:offers"), "checks")
    assert said(type_(content, checks, "nop tien cho ai")[1])[0].text.startswith(
        content.card("offer.receipt", "vi").text
    )


def test_what_she_types_opens_a_shelf_from_which_the_others_of_its_room_are_one_choice_away(
    content: Conversation,
) -> None:
    """A topic that is a shelf opens its list, greeted if she is new; from the list one choice leads to the room."""
    her, effects = type_(content, standing(content, "Menu:menu"), "bình đẳng giới")
    assert said(effects)[-1] == content.listing("home", 0, "shelf_next", "vi")
    her = press(content, her, "room")
    assert her.session.state == "Topics:safety"
    assert {"basics", "home", "family", "youth"} <= {choice.value for choice in her.session.prompt}


def test_every_room_has_a_shelf_that_a_typed_topic_leads_to(content: Conversation) -> None:
    """So no card is out of reach of somebody who only types."""
    shelves = content.library.shelves.values()
    assert {shelf.room for shelf in shelves if shelf.typed} == {shelf.room for shelf in shelves}
    for shelf in shelves:
        assert all(content.library.shelf_for(topic) == shelf.id for topic in (*shelf.typed, shelf.id))


def test_a_card_recalled_while_she_reads_is_passed_over(content: Conversation) -> None:
    """The next step shows the card that follows; the list holds it no more; what she came from can still be left."""
    second, third = content.shelf("checks")[1:3]
    reading, _ = type_(content, press(content, standing(content, "Topics:offers"), "checks"), "1")
    try:
        content.library.withdraw({second: ""})
        after, effects = type_(content, reading, "1")
        assert said(effects)[0].text.startswith(content.card(third, "vi").text)
        assert second not in [choice.value for choice in press(content, after, "list").session.prompt]
    finally:
        content.library.withdraw({})
    assert second in content.shelf("checks")


def test_a_card_recalled_under_her_eyes_is_replaced_when_it_is_shown_again(content: Conversation) -> None:
    """Its fallback, or a calm sentence, comes in its place, with the same ways on."""
    card, other = content.shelf("checks")[:2]
    reading, _ = type_(content, press(content, standing(content, "Topics:offers"), "checks"), "1")
    try:
        for instead, shown in (("", "recalled"), (other, other)):
            content.library.withdraw({card: instead})
            her, effects = type_(content, reading, "zzz")
            words = [effect.outgoing for effect in effects if isinstance(effect, Say)][-1]
            assert words.text.startswith(content.library.say(shown, "vi").text)
            assert numbered(words.choices) == content.card("topic_next", "vi").choices
            following, _ = type_(content, her, "1")
            assert following.session.data["read"] == other
    finally:
        content.library.withdraw({})


def test_a_conversation_keeps_the_words_it_began_with(content: Conversation) -> None:
    """While the earlier text is known it is shown again; somebody who begins now reads the new one."""
    card = content.shelf("checks")[0]
    reading, _ = type_(content, press(content, standing(content, "Topics:offers"), "checks"), "1")
    assert reading.session.data["words"] == content.library.card(card, "vi").digest
    old = content.library.cards[card]["vi"]
    earlier = ({"version": 1, "text": old.text},)
    new = msgspec.convert({**msgspec.to_builtins(old), "version": 2, "text": "Lời mới.", "earlier": earlier}, type(old))
    assert new.as_read(reading.session.data["words"]).text == old.text
    assert new.as_read("").text == "Lời mới."


def test_an_agreement_names_the_text_she_saw_not_the_one_of_now(content: Conversation) -> None:
    """Between question and answer the text may be changed; her yes is recorded with the version that was asked."""
    asked, _ = type_(content, standing(content, "GetHelp:entry", place="vn"), "2")
    asked, _ = type_(content, asked, "2")
    assert asked.session.state == "GetHelp:contact"
    assert asked.session.data["saw"] == "help_contact.vi.3"
    before = asked.but(data={**asked.session.data, "saw": "help_contact.vi.0"})
    _, effects = type_(content, before, "1")
    [consent] = [effect for effect in effects if isinstance(effect, RecordConsent)]
    assert consent.version == "help_contact.vi.0"
