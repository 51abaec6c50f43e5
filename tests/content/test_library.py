"""The library: cards by language, slots from an allow-list, shelves, numbers by place, hours by the service's clock."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from content.checks.freshness import age_findings
from content.directory.numbers import line_with_hours
from content.library import Library
from content.loader import findings, load

SUNDAY_EVENING = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
FRIDAY_EVENING, BEFORE_FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC), datetime(2026, 11, 20, 0, 59, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def library() -> Library:
    """The packaged content."""
    return load()


def test_three_topics_have_at_least_twelve_cards_in_both_languages(library: Library) -> None:
    """The rooms of offers, journey and safety can be read in Vietnamese and English."""
    shelves = [library.shelf(topic) for topic in ("offers", "journey", "safety")]
    assert all(len(shelf) >= 4 for shelf in shelves)
    assert sum(map(len, shelves)) >= 12
    for name in (name for shelf in shelves for name in shelf):
        assert library.card(name, "en").lang == "en"
        assert library.card(name, "vi").text != library.card(name, "en").text


def test_a_language_without_a_card_falls_back_to_vietnamese(library: Library) -> None:
    """Somebody who chose another language still reads something."""
    assert library.card("offer.loan", "hmn").lang == "vi"


def test_an_unknown_card_is_named(library: Library) -> None:
    """A mistake in a flow names the card it asked for."""
    assert not library.has("no.such.card")
    with pytest.raises(KeyError, match=r"no\.such\.card"):
        library.say("no.such.card", "vi")


def test_slots_are_only_those_on_the_cards_list(library: Library) -> None:
    """Another name is refused, and a value is put in as it is, never read as a slot again."""
    with pytest.raises(KeyError, match=r"fragment\.hours\.open"):
        library.say("fragment.hours.open", "vi", time="17:00", place="x")
    assert library.say("fragment.hours.open", "vi", time="{number:vn.111}").text == "đang trực đến {number:vn.111}"


def test_numbers_come_from_the_services_and_are_dialable(library: Library) -> None:
    """The card says how a number is written, `phones` what is dialled."""
    said = library.say("leave.two-numbers", "vi")
    assert "+84 981 84 84 84" in said.text
    assert said.phones == ("+84981848484",)


def test_choices_are_label_value_and_style(library: Library) -> None:
    """A card with answers gives them in order."""
    menu = library.say("menu", "vi")
    assert len(menu.choices) >= 4
    assert all(len(choice) == 3 and choice[0] and choice[1] for choice in menu.choices)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(MONDAY_MORNING, "open until 5 in the afternoon", id="10:00 in Ha Noi on a Monday"),
        pytest.param(SUNDAY_EVENING, "opens Monday at 8 in the morning", id="20:00 in Ha Noi on a Sunday"),
        pytest.param(FRIDAY_EVENING, "opens Monday at 8 in the morning", id="17:00 on a Friday"),
        pytest.param(BEFORE_FRIDAY, "opens Friday at 8 in the morning", id="07:59 on a Friday"),
        pytest.param(datetime(2026, 11, 20, 1, 0, tzinfo=UTC), "open until 5 in the afternoon", id="08:00 on a Friday"),
    ],
)
def test_office_hours_follow_the_clock_of_the_service(library: Library, at: datetime, expected: str) -> None:
    """A line that is closed says when it opens, by the clock of Ha Noi."""
    assert expected in line_with_hours(library.say, library.services["vn.legalaid"], "en", at)


def test_overdue_and_uncalled_facts_are_told_and_stop_nothing(library: Library) -> None:
    """Every number nobody has called is a finding of age; a year later every card is overdue; loading goes on."""
    today = age_findings(library, date(2026, 11, 22))
    assert {finding.severity for finding in today} == {"age"}
    assert any('test call to the service "vn.111"' in finding.message for finding in today)
    assert not any("was to be reviewed" in finding.message for finding in today)
    later = age_findings(library, date(2028, 1, 1))
    assert sum("was to be reviewed" in finding.message for finding in later) > 100
    assert findings(None, date(2028, 1, 1)) == later


def test_the_limits_of_every_channel_have_a_source(library: Library) -> None:
    """Telegram has buttons and deletes; Zalo has numbered answers and takes nothing back."""
    telegram, zalo = library.limits["telegram"], library.limits["zalo_oa"]
    assert (telegram.text_max, telegram.choices, telegram.callback_bytes, telegram.delete_hours) == (
        4096,
        "buttons",
        64,
        48,
    )
    assert library.deletable == timedelta(hours=47)
    assert (zalo.text_max, zalo.choices, zalo.delete_hours, zalo.audio) == (2000, "numbered", 0, "link")
    assert all(limits.source and limits.source_date for limits in library.limits.values())


def test_every_service_has_a_source_a_date_and_a_day_of_review(library: Library) -> None:
    """No number without provenance, and none claims a test call that nobody made."""
    assert len(library.services) > 40
    for service in library.services.values():
        assert service.source_date
        assert date.fromisoformat(service.review_by) > date(2026, 11, 22)
        assert all(source in library.sources for source in service.source)
        assert service.verified_on == ""
        if "unread" in service.source:
            assert service.status == "unverified"


def test_cards_are_short(library: Library) -> None:
    """Most cards keep to 250 characters, none passes 600."""
    sizes = [len(versions["vi"].text) for versions in library.cards.values()]
    assert max(sizes) <= 600
    assert sum(size <= 250 for size in sizes) >= 0.95 * len(sizes)


def test_a_number_is_tapped_whole_on_every_phone(library: Library) -> None:
    """What Android makes tappable in a text is the whole number we show; with no-break spaces it would dial a part."""
    tappable = re.compile(r"(\+[0-9]+[\- .]*)?(\([0-9]+\)[\- .]*)?([0-9][0-9\- .]+[0-9])")
    assert tappable.findall("+84\u00a0981\u00a084\u00a084\u00a084") == [("", "", "981")]
    for service in library.services.values():
        for one in service.numbers:
            found = tappable.search(f"Gọi {one.display} nhé")
            assert found is not None, service.id
            assert found[0] == one.display
            assert re.sub(r"[ .-]", "", one.display).lstrip("+0") in one.number.lstrip("+0"), service.id
