"""Both languages say everything; times and spans are told in Viet Nam's time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from importlib import resources
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import console
from console.labels import general as labels
from console.web.due_times import due
from console.web.i18n import Localization, catalogue
from content.zone import VIETNAM
from store.casework.queue import QueueRow
from store.staff.models import ROLES

FOLDER = resources.files("console").joinpath("locale", "vi", "LC_MESSAGES")
NOW = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every message of the code and the templates."""
    source = Path(console.__file__).parent
    found = extract_from_dir(
        source,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        options_map={"templates/**.html": {"trimmed": "true"}},
        keywords={"gettext": None, "ngettext": (1, 2), "n_": None, "_": None},
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found if message}


@pytest.fixture(scope="module")
def vietnamese() -> Catalog:
    """The Vietnamese catalogue as text."""
    return read_po(BytesIO(FOLDER.joinpath("console.po").read_bytes()), locale="vi")


def test_vietnamese_says_everything(said: set[str], vietnamese: Catalog) -> None:
    """Every message has a translation that is not fuzzy, and no translation is left over."""
    done = {_key(m) for m in vietnamese if m.id and not m.fuzzy and all(_texts(m))}
    left = ", ".join(f'"{message}"' for message in sorted(said - done))
    assert not left, f"no Vietnamese for {left}: add it to console/locale/vi/LC_MESSAGES/console.po"
    assert done == said


def test_translations_take_the_same_values(vietnamese: Catalog) -> None:
    """A translation that lost a placeholder would say something else."""
    for message in vietnamese:
        for text in _texts(message) if message.id else ():
            assert set(re.findall(r"%\((\w+)\)", text)) == set(re.findall(r"%\((\w+)\)", _key(message))), text


def test_pages_say_what_the_text_of_the_catalogue_says(vietnamese: Catalog) -> None:
    """What is compiled at the start of the console translates every message as the .po does."""
    spoken = catalogue("vi")
    for message in vietnamese:
        one, *many = message.id if isinstance(message.id, tuple) else (message.id,)
        if many:
            assert spoken.ngettext(one, many[0], 2) == _texts(message)[0]
        elif one:
            assert spoken.gettext(one) == _texts(message)[0]


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_every_role_level_and_reason_has_a_name() -> None:
    """What the store may hold has words here."""
    assert labels.ROLES.keys() == set(ROLES)
    assert labels.LEVELS.keys() == {1, 2, 3, 4}
    assert QueueRow.__struct_fields__  # the rows these words are for


@pytest.mark.parametrize(
    ("minutes", "vi", "en"),
    [
        (0, "0 phút", "0 minutes"),
        (1, "1 phút", "1 minute"),
        (59, "59 phút", "59 minutes"),
        (60, "1 giờ", "1 hour"),
        (2879, "47 giờ", "47 hours"),
        (2880, "2 ngày", "2 days"),
        (-5, "0 phút", "0 minutes"),
    ],
)
def test_spans_are_told_in_their_largest_unit(minutes: int, vi: str, en: str) -> None:
    """Minutes up to an hour, hours up to two days, then days; never a negative span."""
    assert Localization("vi").span(timedelta(minutes=minutes)) == vi
    assert Localization("en").span(timedelta(minutes=minutes)) == en


def test_times_are_those_of_viet_nam() -> None:
    """02:05 UTC is 09:05 there; yesterday carries its date."""
    l10n = Localization("vi")
    assert l10n.clock(NOW, NOW) == "09:05"
    assert l10n.clock(NOW - timedelta(hours=10), NOW) == "21/11 23:05"
    assert l10n.stamp(NOW) == "22/11/2026 09:05:00"


@pytest.mark.parametrize("code", ["dead:new_reason", "brand_new", ""])
def test_unknown_code_is_shown_rather_than_hidden(code: str) -> None:
    """A code of a later version falls back to its family, else to itself."""
    assert Localization("en").name(labels.STATUSES, code) == {"dead:new_reason": "Not delivered"}.get(code, code)


@pytest.mark.parametrize(
    ("level", "since", "until"),
    [
        pytest.param(4, "02:05", "02:10", id="level 4 at night"),
        pytest.param(3, "23:50", "+1 00:05", id="level 3 at night"),
        pytest.param(2, "10:00", "14:00", id="level 2 by day"),
        pytest.param(2, "20:00", "+1 07:00", id="level 2 in the evening"),
        pytest.param(2, "01:00", "07:00", id="level 2 after midnight"),
        pytest.param(2, "03:00", "07:00", id="level 2 towards morning"),
        pytest.param(1, "09:00", "+1 09:00", id="level 1"),
        pytest.param(1, "23:00", "+2 07:00", id="level 1 late"),
        pytest.param(0, "09:00", "+1 09:00", id="unheard-of level"),
    ],
)
def test_deadlines_follow_the_level_and_the_night(level: int, since: str, until: str) -> None:
    """Levels 3 and 4 count round the clock; the others are due in the day."""
    assert due(level, _at(since)) == _at(until)


def _at(text: str) -> datetime:
    days, _, clock = text.rpartition(" ")
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 22, hour, minute, tzinfo=VIETNAM) + timedelta(days=int(days or 0))


def test_a_forget_request_is_told_in_words() -> None:
    """The note that a step leaves with her people (`wish=forget`) reads as a sentence in Vietnamese."""
    assert Localization("vi").note("wish=forget") == "Điều chị ấy mong muốn: Được quên đi"
