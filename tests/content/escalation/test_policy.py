"""The escalation policy as data: promises, moments that follow from a beginning, and what is wrong with its cure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from content.escalation.loader import FILE, FLAGS, INTEGERS, escalation_policy, packaged, read_policy
from content.findings import Finding
from content.loader import PACKAGED
from content.strict_yaml import parse
from content.zone import VIETNAM

GOOD = (PACKAGED / FILE).read_text("utf-8")


def at(text: str) -> datetime:
    """A moment of November 2026 in Viet Nam: "25 20:00" (a Wednesday)."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{clock}:00").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("level", "since", "moments"),
    [
        (4, "25 23:58", ["25 23:58", "26 00:03", "26 00:08", "26 00:13", "26 00:23", "26 00:33"]),
        (3, "25 02:00", ["25 02:00", "25 02:15", "25 02:30", "25 03:00", "25 03:10"]),
        (2, "25 10:00", ["25 10:00", "25 14:00", "25 15:00", "25 16:00", "25 16:10"]),
        (2, "25 20:00", ["25 20:00", "26 07:00", "26 08:00", "26 09:00"]),
        (2, "25 23:00", ["26 07:00", "26 11:00"]),
        (1, "27 16:00", ["27 16:00", "30 07:00", "30 08:00", "30 08:10"]),
    ],
)
def test_the_steps_of_each_level(level: int, since: str, moments: list[str]) -> None:
    """Levels 4 and 3 page round the clock, level 2 by day, level 1 in working hours; then every ten minutes."""
    assert [escalation_policy().moment(level, at(since), n) for n in range(len(moments))] == [
        at(one) for one in moments
    ]


@pytest.mark.parametrize(
    ("level", "since", "until"),
    [
        (4, "25 02:00", "25 02:05"),
        (3, "25 23:50", "26 00:05"),
        (2, "25 20:00", "26 07:00"),
        (1, "27 09:00", "30 07:00"),
    ],
)
def test_what_is_promised_to_her(level: int, since: str, until: str) -> None:
    """Five minutes, fifteen minutes, four hours or the next 07:00, the next working hours."""
    assert escalation_policy().promised(level, at(since)) == at(until)


def test_no_listed_step_is_left_out_and_missed_repetitions_are() -> None:
    """After three hours in which nobody was there the second is called at once, and the repetitions go on from now."""
    since = at("25 02:00")
    late = since + timedelta(hours=3, minutes=4)
    assert escalation_policy().following(4, since, 0, late) == (1, at("25 02:05"))
    n, moment = escalation_policy().following(4, since, 3, late)
    assert moment == at("25 05:05")
    assert escalation_policy().moment(4, since, n) == moment
    assert escalation_policy().following(4, since, n, moment)[1] == at("25 05:15")


def test_by_day_a_repetition_at_night_waits_for_the_morning_once() -> None:
    """At 21:00 the last call of the evening; the next is at 07:00, and one only."""
    since, evening = at("25 10:00"), at("25 21:00")
    n, moment = escalation_policy().following(2, since, 33, evening)
    assert moment == at("26 07:00")
    assert escalation_policy().following(2, since, n, moment)[1] == at("26 07:10")


def test_marks_of_a_case_become_needs() -> None:
    """A child needs somebody for children, a language goes by its code, other marks need nothing."""
    assert escalation_policy().needed(["child", "watched", "lang:hmn"]) == ("child", "lang:hmn")
    assert [escalation_policy().known_skill(skill) for skill in ("osso", "lang:hmn", "lang:", "flying")] == [
        True,
        True,
        False,
        False,
    ]


def test_the_drill_is_on_one_day_of_every_week() -> None:
    """Wednesday 09:30 in the week of any day."""
    assert {escalation_policy().drill_in(date(2026, 11, day)) for day in range(23, 30)} == {at("25 09:30")}


@pytest.mark.parametrize(
    ("old", "new", "wrong", "right"),
    [
        ("post: on_call, after: 0", "post: nobody, after: 0", 'no post "nobody"', "on_call"),
        ("after: 5,", "after: 0,", "do not follow", "each later"),
        ("post: on_call, after: 0", "post: on_call, after: 1", "nobody is paged at once", "after: 0"),
        ("transports: [console, chat, mail, hook]", "transports: [chat]", "console is not told", "add console"),
        ("transports: [console, chat, mail, hook]", "transports: [console, pigeon]", 'no transport "pigeon"', "hook"),
        ("    hours: always\n", "    hours: never\n", 'no hours "never"', "always"),
        ('opens: "07:00", closes: "21:00"', 'opens: "21:00", closes: "07:00"', "do not open", '"07:00"'),
        ('  "4":\n', '  "5":\n', "missing or unheard of", '"4"'),
        ("within: 5\n", 'within: "soon"\n', "", ""),
        ("    again: 10\n", "", '"again" is missing', "again"),
        ("needs: {child: child,", "needs: {child: magic,", 'skill "magic"', "skills"),
        ("drill: {level: 4", "drill: {level: 9", "no such level", "level 1-4"),
        ("skills: [", "skill: [", 'unknown part "skill"', "skills"),
    ],
)
def test_a_policy_that_would_leave_somebody_unpaged_is_refused(old: str, new: str, wrong: str, right: str) -> None:
    """Each mistake is told with its line, what is wrong, and what would be right."""
    assert old in GOOD
    found: list[Finding] = []
    document = parse(GOOD.replace(old, new, 1).encode(), FILE, integers=INTEGERS, flags=FLAGS)
    assert read_policy(document, found) is None
    assert any(wrong in one.message and right in one.remedy and one.line > 0 for one in found), found


def test_the_policy_that_ships_is_read_once() -> None:
    """Everybody asks the same one."""
    assert packaged() == escalation_policy()
    assert escalation_policy() is escalation_policy()
