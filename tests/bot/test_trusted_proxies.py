"""X-Forwarded-For: believed from the right, as far as proxies we know vouch for it, whatever else is written there."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.settings import SettingsWrong, read_settings
from bot.trusted_proxies import UNIX, source_of, trusted

PROXIES = [trusted("127.0.0.1"), trusted("::1"), trusted("10.0.0.0/24"), trusted("fd00::/8")]
OURS = st.sampled_from(["127.0.0.1", "::1", "10.0.0.9", "[fd00::7]:443", "10.0.0.200:55", "::ffff:127.0.0.1"])
JUNK = st.one_of(
    st.text(st.characters(min_codepoint=0, max_codepoint=255), max_size=60),
    st.sampled_from(
        ["unknown", "_hidden", "1.2.3", "1.2.3.4.5", "[::1", "::1]", "fe80::1%", "²", "999.1.1.1", "-", "/8"]
    ),
    st.ip_addresses().map(str),
)


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        pytest.param("203.0.113.7", [], "203.0.113.7", id="nobody between"),
        pytest.param("203.0.113.7", ["198.51.100.4"], "203.0.113.7", id="peer is no proxy of ours"),
        pytest.param("127.0.0.1", [], "127.0.0.1", id="proxy itself"),
        pytest.param("127.0.0.1", ["198.51.100.4"], "198.51.100.4", id="one proxy"),
        pytest.param("127.0.0.1", ["198.51.100.4, 10.0.0.9"], "198.51.100.4", id="two proxies"),
        pytest.param("127.0.0.1", ["198.51.100.4", "10.0.0.9"], "198.51.100.4", id="two headers"),
        pytest.param("127.0.0.1", ["1.1.1.1, 198.51.100.4"], "198.51.100.4", id="invented further left"),
        pytest.param("127.0.0.1", ["1.1.1.1", "198.51.100.4, 10.0.0.9"], "198.51.100.4", id="invented header"),
        pytest.param("127.0.0.1", ["10.0.0.8, 10.0.0.9"], "10.0.0.8", id="proxies alone"),
        pytest.param("127.0.0.1", ["1.1.1.1, unknown, 10.0.0.9"], "10.0.0.9", id="nothing behind garbage"),
        pytest.param("127.0.0.1", [" , ,198.51.100.4 ,, "], "198.51.100.4", id="empty members"),
        pytest.param("127.0.0.1", ["198.51.100.4:51823"], "198.51.100.4", id="with a port"),
        pytest.param("127.0.0.1", ["[2001:db8:7:1ff::9]:443"], "2001:db8:7:100::/56", id="IPv6 with a port"),
        pytest.param("127.0.0.1", ["2001:db8:7:1ff::9"], "2001:db8:7:100::/56", id="IPv6"),
        pytest.param("127.0.0.1", ["[2001:db8:7:1ff::9]"], "2001:db8:7:100::/56", id="IPv6 in brackets"),
        pytest.param("::ffff:127.0.0.1", ["::ffff:198.51.100.4"], "198.51.100.4", id="IPv4 in IPv6"),
        pytest.param("fd00::1%eth0", ["198.51.100.4"], "198.51.100.4", id="a zone"),
        pytest.param(None, ["198.51.100.4"], UNIX, id="Unix socket that nobody named"),
        pytest.param("testclient", ["198.51.100.4"], UNIX, id="no address"),
    ],
)
def test_source_is_the_first_address_from_the_right_that_is_no_proxy(
    peer: str | None, forwarded: list[str], source: str
) -> None:
    """What stands further left was written by whoever came."""
    assert source_of(peer, forwarded, PROXIES) == source


def test_unix_socket_is_a_proxy_when_it_is_named() -> None:
    """Then the header is believed, and without one everybody is one source."""
    proxies = [*PROXIES, trusted("unix")]
    assert source_of(None, ["1.1.1.1, 198.51.100.4, 10.0.0.9"], proxies) == "198.51.100.4"
    assert source_of(None, [], proxies) == UNIX


def test_nothing_is_believed_without_a_proxy_in_the_settings() -> None:
    """The default: the peer is the source."""
    assert source_of("127.0.0.1", ["198.51.100.4"], []) == "127.0.0.1"


@given(st.lists(JUNK, max_size=6), st.one_of(st.none(), JUNK))
def test_whatever_is_written_there_the_source_is_an_address(headers: list[str], peer: str | None) -> None:
    """No header raises, and nothing of one comes through that is not an address."""
    source = source_of(peer, headers, PROXIES)
    assert source == UNIX or ip_network(source)


@given(st.lists(JUNK, max_size=4), st.ip_addresses(), st.lists(OURS, max_size=3))
def test_visitor_changes_nothing_by_what_he_writes(lies: list[str], visitor: object, hops: list[str]) -> None:
    """Proxies add on the right; whatever stood there before, the source is that of an honest request."""
    if any(not isinstance(p, str) and visitor in p for p in PROXIES) or getattr(visitor, "ipv4_mapped", None):
        return
    honest = [", ".join([str(visitor), *hops])]
    assert source_of("127.0.0.1", [*lies, ", ".join([*lies, str(visitor), *hops])], PROXIES) == source_of(
        "127.0.0.1", honest, PROXIES
    )
    assert ip_address(str(visitor)) in ip_network(source_of("127.0.0.1", honest, PROXIES))


@pytest.mark.parametrize(
    ("written", "says"),
    [("localhost", "name a proxy by its address"), ("10.0.0.1/24", "by a network"), ("0.0.0.0/0", "trusts everybody")],
)
def test_settings_refuse_what_names_no_proxy(written: str, says: str) -> None:
    """One sentence says what is wrong with which member of the list."""
    with pytest.raises(SettingsWrong, match=says) as refused:
        read_settings(trusted_proxies=["127.0.0.1", written])
    assert [sentence.split(":")[0] for sentence in refused.value.sentences] == ["trusted_proxies.1"]


def test_settings_take_addresses_networks_and_the_socket() -> None:
    """None is the default."""
    assert read_settings().trusted_proxies == ()
    taken = read_settings(trusted_proxies=["127.0.0.1", "2001:db8::/32", "unix"]).trusted_proxies
    assert [str(one) for one in taken] == ["127.0.0.1/32", "2001:db8::/32", "unix"]
