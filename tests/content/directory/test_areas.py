"""A place is found by what people type: new names and old, no tones, short forms; several when it is unclear."""

from __future__ import annotations

import pytest

from content.directory.areas import COMMUNES, OLD_PROVINCES, PROVINCES, Areas
from content.directory.place_names import bare
from content.directory.unions import services_in
from tests.support import content

library = content.library()
areas: Areas = library.areas


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("Sóc Trăng", "92", id="an old province"),
        pytest.param("soc trang", "92", id="without tones"),
        pytest.param("SOC TRANG", "92", id="in capitals"),
        pytest.param("So\u0301c Tra\u0306ng", "92", id="decomposed"),
        pytest.param("tỉnh Sóc Trăng", "92", id="with its kind"),
        pytest.param("ST", "92", id="in two letters"),
        pytest.param("SG", "79", id="Saigon in two letters"),
        pytest.param("TP.HCM", "79", id="with dots"),
        pytest.param("sai gon", "79", id="by its older name"),
        pytest.param("HN", "01", id="the capital in two letters"),
        pytest.param("Ha Tay", "01", id="a province of before 2008"),
        pytest.param("Dac Lac", "66", id="an older spelling"),
        pytest.param("Ba Ria Vung Tau", "79", id="without its dash"),
        pytest.param("kontum", "51", id="without its space"),
        pytest.param("Soc Trng", "92", id="misspelt"),
        pytest.param("thanh pho hue", "46", id="a city"),
        pytest.param("hoà bình", "25", id="the tone on the other letter"),
    ],
)
def test_a_province_is_found_by_what_people_type(typed: str, code: str) -> None:
    """The first candidate is the province of today."""
    found = areas.find(typed)
    assert found[0].area.code == code
    assert found[0].area.level == "province"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        pytest.param("QN", {"22", "48"}, id="Quảng Ninh or Quảng Nam"),
        pytest.param("HG", {"08", "92"}, id="Hà Giang or Hậu Giang"),
        pytest.param("LC", {"12", "15"}, id="Lai Châu or Lào Cai"),
        pytest.param("DN", {"48", "75"}, id="Đà Nẵng or Đồng Nai"),
    ],
)
def test_a_short_form_of_two_provinces_gives_both(typed: str, codes: set[str]) -> None:
    """Nobody guesses between them: more than one candidate means that she is asked."""
    assert {found.area.code for found in areas.find(typed)} == codes


def test_a_commune_is_found_and_narrowed_by_its_province() -> None:
    """Two communes have one name; the province behind the comma, old or new, decides."""
    both = areas.find("Trường Sơn")
    assert len(both) > 1
    assert {found.area.level for found in both} == {"commune"}
    one = areas.find("truong son, quang binh")
    assert [found.area.province for found in one] == ["44"]
    assert areas.find("trường sơn", within="44") == one


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("Mường Mươn", "03202", id="a commune of before is found as the one that took it in"),
        pytest.param("xã mường mươn huyện mường chà tỉnh điện biên", "03202", id="without commas, with every kind"),
        pytest.param("Huyện Nậm Pồ", "11", id="a district is found as its province"),
        pytest.param("huyện Mường Chà", "11", id="also where a commune has its name today"),
        pytest.param("Tén Tằn", "38", id="a commune merged before 2025 is found as its province"),
        pytest.param("na sang dien bien", "03172", id="two names without a comma and without tones"),
        pytest.param("lai hoa vinh chau soc trang", "31810", id="three of them"),
    ],
)
def test_a_place_is_found_by_its_former_name_and_without_commas(typed: str, code: str) -> None:
    """What is no more is found as what it lies in today."""
    assert [found.area.code for found in areas.find(typed, near=False)] == [code]


def test_a_name_of_today_is_not_mixed_with_former_ones() -> None:
    """Whoever names a commune of today is not asked about one of the same name that is no more."""
    for area in areas.communes:
        assert "former" not in {found.how for found in areas.find(area.name)}, area.name


@pytest.mark.parametrize("typed", ["", "  ", ",", "zzzz", "xã", "ở bên kia", "?"])
def test_what_is_no_place_finds_nothing(typed: str) -> None:
    """No candidate is better than a wrong one."""
    assert areas.find(typed) == ()


def test_every_old_and_new_province_is_found_by_its_name() -> None:
    """Thirty-four of today and the sixty-three of before, with and without their tones."""
    names = [(area.name, code) for code, area in areas.provinces.items()]
    names += [(old, code) for code, merged in areas.merged.items() for old in merged.old]
    assert len(names) == OLD_PROVINCES
    for name, code in names:
        assert code in [found.area.code for found in areas.find(name)], name
        assert areas.find(bare(name))[0].area.level == "province", name
        assert code in [found.area.code for found in areas.find(bare(name))], name


def test_the_map_is_that_of_the_official_list() -> None:
    """The codes of the file are those of the package, which holds every commune of the nation."""
    assert set(areas.merged) == set(areas.provinces)
    assert (len(areas.provinces), len(areas.communes)) == (PROVINCES, COMMUNES)
    assert len({commune.code for commune in areas.communes}) == COMMUNES
    assert sum(bool(merged.borders) for merged in areas.merged.values()) == 22


def test_each_province_has_its_slot_and_its_own_offices_come_first() -> None:
    """Whoever helps nearby is listed before the national services; an unknown number is no number."""
    for code in areas.provinces:
        assert f"wu.{code}" in library.services
        assert library.services[f"wu.{code}"].numbers == ()
    near = [service.id for service in services_in(library.services, "92")]
    assert near[:4] == ["wu.92", "vn.osso.ct", "vn.osso.hg", "vn.soctrang"]
    assert "vn.111" in near
    assert "wu.01" not in near
