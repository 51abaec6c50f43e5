"""Who answers when nobody of ours does: every place, every hour of a week, and hours nobody has yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from content.cards.templates import FilledTemplate
from content.checks.numbers import place_findings, places, provinces
from content.directory.numbers import HOME, is_home, works_abroad
from content.directory.opening_hours import is_open
from content.library import Library
from content.loader import load
from content.schema import Hours, Service

MONDAY = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""Midnight in Viet Nam between a Sunday and a Monday."""
WEEK = [MONDAY + timedelta(minutes=60 * hour + 30 * (hour % 2)) for hour in range(7 * 24)]
NOWHERE = ("", "abroad:ZZ", "somewhere", "vn:99", "vn:VN:x")
library = load()
PLACES = (*places(library), *provinces(library), *NOWHERE)


def with_hours(*kinds: Hours) -> Library:
    """The content with other hours: the services of the hand-off take turns through `kinds`."""
    changed = load()
    listed = [one for one in changed.services.values() if one.handoff]
    for number, service in enumerate(sorted(listed, key=lambda one: one.id)):
        changed.services[service.id] = msgspec.structs.replace(service, hours=kinds[number % len(kinds)])
    return changed


EARLY = Hours(kind="office", days=(1, 2, 3, 4, 5), opens="07:30", closes="16:00")
LATE = Hours(kind="office", days=(3, 6, 7), opens="13:00", closes="20:30")
TAIPEI = Hours(kind="office", days=(1, 2, 3, 4, 5, 6), opens="09:00", closes="18:00", zone="Asia/Taipei")
LIBRARIES = {
    "as it ships": library,
    "office hours": with_hours(EARLY, LATE, TAIPEI),
    "mixed": with_hours(Hours(kind="always"), LATE, Hours(kind="unknown"), TAIPEI),
}


def told(content: Library, filled: FilledTemplate, place: str) -> Iterator[tuple[Service, str]]:
    """Yield each service whose number stands in a line of its own, with that line."""
    country = HOME if is_home(place) else place.partition(":")[2]
    for line in filled.text.splitlines():
        if not line.startswith("📞"):
            continue
        display = line.removeprefix("📞 ").partition(" – ")[0]
        [service] = [
            one
            for one in content.services.values()
            if one.handoff and one.area in (HOME, country) and one.numbers and one.numbers[0].display == display
        ]
        yield service, line


@pytest.mark.parametrize("name", LIBRARIES)
def test_at_every_place_and_hour_somebody_answers_or_the_truth_is_told(name: str) -> None:
    """No closed line is said to be open, none of another country is shown, and each closed one says when it opens."""
    content, looked = LIBRARIES[name], 0
    closed = content.say("fragment.closed", "vi").text
    for place in PLACES:
        for now in WEEK[:: 2 if name == "mixed" else 7]:
            filled = content.unanswered(place, "vi", now)
            head, _, below = filled.text.partition(closed)
            lines = list(told(content, filled, place))
            assert lines, (place, now)
            for service, line in lines:
                looked += 1
                is_closed = is_open(service.hours, now) is False
                assert (line in below) is is_closed, (place, now, line)
                assert (line in head) is not is_closed, (place, now, line)
                assert is_closed == ("trực lại" in line), line
                assert ("24 giờ" in line) == (service.hours.kind == "always"), line
                reached = service.area == place.partition(":")[2] or service.area == HOME
                assert reached, (place, line)
                assert not service.province or place == f"vn:{service.province}", (place, line)
    assert looked > 2_000


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_card_to_tap_is_never_that_of_a_closed_line(name: str) -> None:
    """What she can tap answers now, or its hours are not known; with the shipped hours there is always one."""
    content = LIBRARIES[name]
    for place in PLACES:
        for now in WEEK[::5]:
            filled = content.unanswered(place, "vi", now)
            answering = [one for one, _ in told(content, filled, place) if is_open(one.hours, now) is not False]
            assert [number for number, _ in filled.contacts] == [one.numbers[0].number for one in answering[:2]]
            assert set(number for number, _ in filled.contacts) <= set(filled.phones)
            assert filled.contacts or name != "as it ships"


def test_whoever_is_or_may_be_abroad_has_a_card_that_works_there() -> None:
    """The first card to tap away from home is of a number that works from every country, or of her own country."""
    for place in PLACES:
        if is_home(place) or place == "vn:99":
            continue
        number, _ = library.unanswered(place, "vi", MONDAY).contacts[0]
        [service] = [s for s in library.services.values() if s.handoff and s.numbers and s.numbers[0].number == number]
        assert works_abroad(service.numbers[0]) or service.area == place.partition(":")[2], place


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("place", ["vn", "vn:38", "abroad", "abroad:KH", "abroad:TW", "abroad:LA", ""])
def test_it_says_what_it_costs_who_understands_her_what_they_ask_and_what_she_can_say(place: str, lang: str) -> None:
    """Every line has cost and language; question and sentence are the first's, 111's where the place is unknown."""
    costs = [library.say(f"fragment.cost.{cost}", lang).text for cost in ("free", "charged", "unknown")]
    langs = [library.say(f"fragment.langs.{one}", lang).text for one in ("vi", "interpreter", "other")]
    lines = list(told(library, library.unanswered(place, lang, MONDAY), place))
    for filled in (library.handoff(place, lang, MONDAY), library.unanswered(place, lang, MONDAY)):
        assert all(any(cost in line for cost in costs) for _, line in lines)
        assert all(any(said in line for said in langs) for _, line in lines)
        first = library.services["vn.111"] if place == "" else lines[0][0]
        assert first.asks[lang] in filled.text
        assert f"“{first.say[lang]}”" in filled.text
        assert library.is_neutral(filled.text)


def test_a_province_with_a_house_of_its_own_has_its_number_there_and_nowhere_else() -> None:
    """Thanh Hóa's house is named to whoever is in Thanh Hóa; 111 stays first, as it is surely open."""
    there = library.unanswered("vn:38", "vi", MONDAY).phones
    assert there[0] == "111"
    assert "18001744" in there
    for place in ("vn", "vn:01", "vn:99", "", "abroad", "abroad:LA"):
        assert "18001744" not in library.unanswered(place, "vi", MONDAY).phones


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_with_nobody_on_duty_only_whoever_the_numbers_leave_out_is_named(lang: str) -> None:
    """The hand-off stands below the numbers of the place: it repeats none of them, and misses nobody."""
    for place in PLACES:
        above, there = library.emergency(place, lang), library.handoff(place, lang, MONDAY)
        assert not [line for line in there.text.splitlines() if line.startswith("📞") and line in above.text], place
        named = [service.id for service, _ in told(library, there, place)]
        assert named == (["vn.anhduong.th"] if place == "vn:38" else []), place
        assert all(number in above.phones for number in there.phones) or named, place


def test_hours_of_ours_are_told_abroad_as_hours_of_viet_nam() -> None:
    """From Taipei 07:30 in Ha Noi is 08:30: the line says whose clock it is."""
    content = with_hours(EARLY)
    night = MONDAY + timedelta(hours=1)
    assert "trực lại thứ Hai lúc 7 giờ 30 sáng (giờ Việt Nam)" in content.unanswered("abroad:TW", "vi", night).text
    assert "giờ Việt Nam" not in content.unanswered("vn", "vi", night).text
    assert is_open(TAIPEI, datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Taipei"))) is True


def test_the_name_of_a_card_to_tap_tells_nothing() -> None:
    """It may stand on a lock screen, and among the contacts of a phone that others open."""
    names = {name for place in PLACES for _, name in library.unanswered(place, "vi", MONDAY).contacts}
    assert names == {"Số gọi được"}
    assert library.is_neutral("Số gọi được")


def test_hours_abroad_without_a_clock_of_their_own_are_a_finding() -> None:
    """A line in Taipei that would be judged by the clock of Ha Noi is open or closed an hour too long."""
    changed = load()
    changed.services["tw.1955"] = msgspec.structs.replace(changed.services["tw.1955"], hours=EARLY)
    found = [finding.message for finding in place_findings(changed)]
    assert any("tw.1955" in message and "clock" in message for message in found)
