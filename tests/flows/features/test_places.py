"""Where she is, typed at the question for it: a country or a province named alone is the answer, nothing else is."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, NoteOnCase
from flows.model.facts import CaseSeen
from flows.parsing.places import area_named, province_named
from tests.flows.standings import BESIDE_HUMAN, said, standing, type_

OPEN = CaseSeen("c1", "K7M2", 3)

PLACES = [
    *(
        ("campuchia", "abroad:KH"),
        ("em ở campuchia", "abroad:KH"),
        ("Cam pu chia ạ", "abroad:KH"),
        ("ở cam", "abroad:KH"),
    ),
    *(("tq", "abroad:CN"), ("quảng châu", "abroad:CN"), ("bên tàu", "abroad:CN"), ("o trung quoc", "abroad:CN")),
    *(
        ("sihanoukville", "abroad:KH"),
        ("em đang ở myanmar", "abroad:MM"),
        ("bên lào", "abroad:LA"),
        ("lào", "abroad:LA"),
    ),
    *(
        ("ở nước ngoài", "abroad"),
        ("nước Nga", "abroad:RU"),
        ("dubai", "abroad:AE"),
        ("vn", "vn"),
        ("em ở việt nam ạ", "vn"),
    ),
    *(
        ("Philippines", "abroad:PH"),
        ("em ở anh quốc", "abroad:GB"),
        ("ả rập xê út", "abroad:SA"),
        ("singapore", "abroad"),
    ),
    *(
        ("em ở mường chà điện biên", "vn"),
        ("nậm pồ điện biên", "vn"),
        ("xã na sang", "vn"),
        ("ở mường mươn điện biên ạ", "vn"),
    ),
    *(("lai hoa vinh chau soc trang", "vn"), ("xã Thượng Trạch quảng bình", "vn"), ("huyện Nậm Pồ", "vn")),
    *(
        ("trung quốc, quảng tây", "abroad:CN"),
        ("em ở trung quốc tỉnh vân nam", "abroad:CN"),
        ("kk park myanmar", "abroad:MM"),
    ),
    *(("svay rieng campuchia", "abroad:KH"), ("đài loan, đài bắc ạ", "abroad:TW"), ("ở casino bavet", "abroad:KH")),
    *(("điện biên", "vn"), ("em ở điện biên", "vn"), ("dien bien", "vn"), ("hà nội", "vn"), ("tỉnh Thanh Hóa", "vn")),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_a_place_named_alone_is_her_place(text: str, place: str, content: Conversation) -> None:
    """Numbers of that place at once, the case told, and her words with the people of the case."""
    for state in ("GetHelp:where", "GetHelp:country"):
        after, effects = type_(content, standing(content, state, case=OPEN), text)
        assert (after.session.place, after.session.state) == (place, "GetHelp:write_back")
        assert NoteOnCase("where", place) in effects
        assert said(effects)[0] == content.emergency(place, "vi")


@pytest.mark.parametrize(
    "text",
    [
        *("em ở bên anh", "em ở an toàn", "em ở bình an", "o cho moi", "nó ở xã na sang", "chồng em ở điện biên"),
        *("anh", "tàu", "em đang ở tàu", "quê em xa lắm", "em bị bắt ở điện biên", "không ở campuchia"),
        *(
            "em ngã",
            "em nga",
            "cam",
            "em có thai",
            "trên tàu",
            "ở nhà",
            "ở rừng",
            "mường chà",
            "nhà em ở xa",
            "nó ở lào",
        ),
    ],
)
def test_what_is_not_surely_a_place_is_left_to_people(text: str, content: Conversation) -> None:
    """No place is taken from it: the wrong numbers are worse than the question still standing."""
    after, effects = type_(content, standing(content, "GetHelp:where", case=OPEN), text)
    assert (after.session.place, after.session.state) == ("", "GetHelp:where")
    assert AddToCase(text) in effects


@pytest.mark.parametrize(
    ("state", "text"),
    [
        *(("GetHelp:where", "không biết"), ("GetHelp:country", "bỏ qua ạ"), ("GetHelp:where", "em không biết ở đâu ạ")),
        *(("GetHelp:where", "hông rõ chỗ này"), ("GetHelp:country", "không biết nước nào")),
    ],
)
def test_one_half_of_a_label_is_that_answer(state: str, text: str, content: Conversation) -> None:
    """ "Không biết, bỏ qua" is chosen by either."""
    after, _ = type_(content, standing(content, state, case=OPEN), text)
    assert after.session.state == "GetHelp:write_back"


def test_beside_a_human_a_place_is_for_the_human(content: Conversation) -> None:
    """The bot says nothing and takes nothing."""
    after, effects = type_(content, standing(content, "GetHelp:where", case=BESIDE_HUMAN), "campuchia")
    assert (after.session.place, said(effects)) == ("", [])
    assert AddToCase("campuchia") in effects


COUNTRIES = (
    *(("cam", "KH"), ("tàu", "CN"), ("philippines", "PH"), ("anh quốc", "GB"), ("anh", "GB"), ("dubai", "AE")),
    *(("nga", "RU"), ("bên miên", "KH"), ("cam pu chia", "KH"), ("lao", "LA"), ("nhật bản ạ", "JP"), ("tq", "CN")),
)
LISTS = ("Services:country", "Stuck:country")


@pytest.mark.parametrize(("text", "code"), COUNTRIES)
def test_where_a_country_is_asked_for_its_short_name_is_enough(text: str, code: str, content: Conversation) -> None:
    """For herself and for somebody else; a country that is on no list has its numbers too."""
    after, _ = type_(content, standing(content, "GetHelp:country", case=OPEN), text)
    assert after.session.place == f"abroad:{code}"
    for state in LISTS:
        after, effects = type_(content, standing(content, state), text)
        assert after.session.state == f"{state.partition(':')[0]}:here", state
        assert any(content.numbers(f"abroad:{code}", "vi").text in one.text for one in said(effects)), state


@pytest.mark.parametrize("text", ["campuchia", "bên tàu", "nước ngoài", "dubai", "Philippines"])
def test_a_typed_place_that_is_looked_up_is_not_where_she_is(text: str, content: Conversation) -> None:
    """A cry after it shows what somebody sees whose place is not known: 113, 111 and the line from abroad (rule 4)."""
    for state in ("Services:where", *LISTS):
        at, effects = type_(content, standing(content, state), text)
        assert (at.session.place, len(said(effects)) > 0) == ("", True)
        after, effects = type_(content, at, "cứu em với")
        assert said(effects)[0] == content.emergency("", "vi")
        assert after.session.place == ""


def test_beside_a_case_a_looked_up_place_is_answered_and_read(content: Conversation) -> None:
    """The numbers come, her people read her words, and where she is stays as it was."""
    after, effects = type_(content, standing(content, "Services:where", case=OPEN, place="vn"), "campuchia")
    assert (after.session.place, after.session.state) == ("vn", "Services:here")
    assert AddToCase("campuchia") in effects
    assert not any(isinstance(effect, NoteOnCase) for effect in effects)


def test_a_place_she_does_not_know_is_looked_up_without_touching_her_case(content: Conversation) -> None:
    """ "Không biết" in the list of numbers says nothing of where she is."""
    after, effects = type_(content, standing(content, "Services:where", case=OPEN, place="abroad:KH"), "không biết")
    assert (after.session.place, after.session.state) == ("abroad:KH", "Services:here")
    assert not any(isinstance(effect, NoteOnCase) for effect in effects)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("mường mươn", "03202"), ("xã na sang điện biên", "03172"), ("lai hoa vinh chau soc trang", "31810")),
        *(("xã Thượng Trạch quảng bình", "19147"), ("tén tằn", "38"), ("huyện Nậm Pồ", "11"), ("Na Sang", "03172")),
        *(("bản Na Sang 2 xã Na Sang", "03172"), ("xã mình là Na Sang ạ", "03172"), ("huyện mường chà", "11")),
        *(("em ở điện biên ạ", "11"), ("bản gì đó em quên rồi điện biên", "11"), ("không biết", ""), ("ở nhà", "")),
    ],
)
def test_where_something_happened_is_understood_without_commas_and_by_old_names(
    text: str, code: str, content: Conversation
) -> None:
    """A commune of today or of before, the province where no more is known, and nothing from other words."""
    assert area_named(content.library, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("em ở sơn la", "14"),
        ("huyện nậm pồ", "11"),
        ("xã na sang", "11"),
        ("tinh soc trang a", "92"),
        ("soc trng", "92"),
    ],
)
def test_a_province_is_heard_in_a_phrase(text: str, code: str, content: Conversation) -> None:
    """Of a district and a commune of before, too."""
    assert province_named(content.library, text) == code
