"""The Union of a province: whose number is shown, under whose name, and what is said where there is none."""

from __future__ import annotations

import msgspec
import pytest

from content.directory.unions import UNION, union_lines
from content.library import Library
from flows.engine.conversation import Conversation
from tests.support import content as shared_content

PROVINCES = ("", *shared_content.library().areas.provinces)
LANGUAGES = ("vi", "en")


@pytest.fixture(scope="module")
def content() -> Conversation:
    """The conversation exactly as `run` loads it."""
    return shared_content.conversation()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("province", PROVINCES)
def test_every_number_stands_beside_the_name_of_who_answers_it(content: Conversation, province: str, lang: str) -> None:
    """No line gives a number without a name, and the name is that of the service itself."""
    services = content.library.services.values()
    named = {
        (one.numbers[0].display, word) for one in services if one.numbers for word in (one.short or one.name).values()
    }
    lines = [line for line in content.union(province, lang).text.splitlines() if line.startswith("📞")]
    assert lines
    for line in lines:
        number, _, rest = line.removeprefix("📞 ").partition(" – ")
        assert any(number == known and rest.startswith(word) for known, word in named), line


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("province", PROVINCES)
def test_a_number_shown_as_the_unions_belongs_to_the_union(content: Conversation, province: str, lang: str) -> None:
    """Nothing above the line that names others is a number of another body, in any province."""
    services, shown = content.library.services.values(), content.union(province, lang)
    own = {one.numbers[0].display for one in services if one.body == UNION and one.numbers}
    above = shown.text.split("\n", 1)[0]
    others = {one.numbers[0].display for one in services if one.numbers} - own
    assert not [number for number in others if number in above], above


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("province", PROVINCES)
def test_every_house_and_office_of_the_province_is_named(content: Conversation, province: str, lang: str) -> None:
    """What the directory knows of a province stands in its answer, and nothing of another province does."""
    shown = content.union(province, lang).text
    for one in content.library.services.values():
        names = {one.name[lang], *(one.short or {}).values()}
        if one.province and one.body != UNION:
            assert any(name in shown for name in names) == (one.province == province), one.id


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("province", PROVINCES)
def test_a_number_that_nobody_has_read_is_not_given(content: Conversation, province: str, lang: str) -> None:
    """Who is beaten must not dial a number that is only remembered: the house is a door, its number waits."""
    shown = content.union(province, lang)
    unread = [one for one in content.library.services.values() if one.province and one.status == "unverified"]
    assert unread
    assert not {number.number for one in unread for number in one.numbers} & {*shown.phones}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("province", PROVINCES)
def test_whoever_reads_it_can_call_somebody(content: Conversation, province: str, lang: str) -> None:
    """111 for whoever is at home, and a number that works from everywhere (safety rule 4)."""
    shown = content.union(province, lang)
    assert {"111", "+84981848484"} <= set(shown.phones)
    assert all(phone[-4:] in shown.text.replace(" ", "") for phone in shown.phones)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("above", ["", "vn"])
@pytest.mark.parametrize("place", ["", "vn"])
@pytest.mark.parametrize("province", PROVINCES)
def test_no_number_that_stands_above_is_said_again(
    content: Conversation, province: str, place: str, above: str, lang: str
) -> None:
    """What is left is of this province; only beside a number that cannot be dialled abroad stands that for abroad."""
    read, shown = set(content.numbers(above, lang).phones), content.union(province, lang, place, above)
    assert set(shown.phones) & read <= {"+84981848484"}
    assert bool(set(shown.phones) - {"+84981848484"}) == ("📞" in shown.text)
    if place == "" and shown.phones:
        assert "+84981848484" in shown.phones


def test_a_shelter_of_the_province_is_not_the_union(content: Conversation) -> None:
    """Thanh Hóa: the house is named as itself, and that the Union has given no number is said."""
    shown = content.union("38", "vi").text
    assert "📞 1800 1744 – Ngôi nhà Ánh Dương Thanh Hóa" in shown
    assert shown.startswith("Mình chưa có số của Hội Liên hiệp Phụ nữ tỉnh Thanh Hóa.")
    assert "đang được kiểm lại" not in shown


def test_an_office_without_a_number_is_a_door(content: Conversation) -> None:
    """Hà Nội: the office for returning women has an address; of one nobody has confirmed is said where to ask first."""
    assert "– Văn phòng hỗ trợ phụ nữ di cư hồi hương Hà Nội, 20 Thụy Khuê\n" in content.union("01", "vi").text
    assert "hồi hương Cần Thơ (hỏi chị Hội Phụ nữ xã trước khi đến)" in content.union("92", "vi").text


def test_only_who_is_in_viet_nam_for_sure_is_spared_the_number_for_abroad(content: Conversation) -> None:
    """Unknown counts as perhaps abroad, also where a province is asked about (safety rule 4)."""
    number = "+84 981 84 84 84"
    for place, spared in (("", False), ("abroad:KH", False), ("abroad", False), ("vn", True), ("vn:92", True)):
        assert (number not in content.union("92", "vi", place).text) == spared, place


@pytest.mark.parametrize(("status", "card"), [("verified", "union_number"), ("unverified", "union_slot")])
def test_the_number_of_the_union_is_given_once_it_was_confirmed(status: str, card: str) -> None:
    """The Union's own service, and no other, leads to the card that gives its number."""
    library = shared_content.library()
    own = msgspec.structs.replace(library.services["vn.soctrang"], status=status)
    spoken = union_lines(_with(library, own).services, library.say, "92", "vi")
    assert spoken.card == card
    assert ("0377672444" in spoken.phones) == (status == "verified")
    assert own.body == UNION


def _with(library: Library, service: object) -> Library:
    services = {**library.services, service.id: service}  # type: ignore[attr-defined]
    return Library(
        cards=library.cards,
        services=services,
        limits=library.limits,
        sources=library.sources,
        retired=library.retired,
        lexicon=library.lexicon,
    )
