"""X-Forwarded-For: the address a request came from, as far as proxies that the settings name vouch for it.

Source: nginx ngx_http_realip_module, real_ip_recursive; RFC 9110, 5.6.1, lists in headers (2026-11).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

UNIX = "unix"
"""A peer without an address: whoever reaches us through a Unix socket."""
Proxy = IPv4Network | IPv6Network | str
"""A network of proxies, or `UNIX`."""
_PREFIX = 56
"""Bits of an IPv6 address that are one source: providers give a home or an office that much or more.

Source: RIPE-690, 4.2 (2017-10).
"""
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](:[0-9]{1,5})?|(?P<four>[^:]*):[0-9]{1,5}", re.ASCII)


def trusted(value: object) -> Proxy:
    """Read one proxy of the settings: an address, a network, or the word unix. Raises ValueError with one sentence."""
    if value == UNIX:
        return UNIX
    try:
        network = ipaddress.ip_network(str(value))
    except ValueError:
        raise ValueError('name a proxy by its address, by a network as in 10.0.0.0/24, or by the word "unix"') from None
    if network.prefixlen == 0:
        raise ValueError("this trusts everybody, so that anybody may invent an address: name the proxy alone")
    return network


def source_of(peer: str | None, forwarded: Sequence[str], proxies: Collection[Proxy]) -> str:
    """The source of a request: an IPv4 address, a /56 of IPv6, or `UNIX`.

    `peer` is the address of the connection (None: a Unix socket), `forwarded` every X-Forwarded-For header in its
    order. They are read from the right, past trusted proxies, to the first address that is none of them; what a
    client wrote itself stands further left. Behind something that is no address nothing is believed.
    """
    here = _address(peer or "")
    if not _is_trusted(here, proxies):
        return _name(here)
    for hop in _from_the_right(forwarded):
        address = _address(hop)
        if address is None:
            break
        here = address
        if not _is_trusted(here, proxies):
            break
    return _name(here)


def _from_the_right(forwarded: Sequence[str]) -> Iterator[str]:
    for header in reversed(forwarded):
        for hop in reversed(header.split(",")):
            if hop.strip():
                yield hop.strip()


def _address(written: str) -> IPv4Address | IPv6Address | None:
    """Read an address, with or without a port and brackets; None for anything else."""
    found = _WITH_PORT.fullmatch(written)
    bare = (found["six"] or found["four"] or "") if found else written
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: IPv4Address | IPv6Address | None, proxies: Collection[Proxy]) -> bool:
    if address is None:
        return UNIX in proxies
    return any(not isinstance(proxy, str) and address in proxy for proxy in proxies)


def _name(address: IPv4Address | IPv6Address | None) -> str:
    if address is None:
        return UNIX
    return str(address) if address.version == 4 else str(IPv6Network((address, _PREFIX), strict=False))
