"""What somebody sent on Zalo is fetched from Zalo's own hosts, and from nowhere a message might point to."""

from __future__ import annotations

import pytest

from bot.zalo_sdk.files import allowed

ZALO = "https://openapi.zalo.me"


@pytest.mark.parametrize(
    ("url", "base", "may"),
    [
        ("https://talk.zdn.vn/a/b.aac", ZALO, True),
        ("https://f20-zpg.zdn.vn/x.amr", ZALO, True),
        ("http://127.0.0.1:8080/__sim/media/x", "http://127.0.0.1:8080/sim/zalo", True),
        ("http://talk.zdn.vn/a.aac", ZALO, False),
        ("https://talk.zdn.vn:8443/a.aac", ZALO, False),
        ("https://zdn.vn.example.org/a.aac", ZALO, False),
        ("https://evilzdn.vn/a.aac", ZALO, False),
        ("https://user:word@talk.zdn.vn/a.aac", ZALO, False),
        ("https://talk.zdn.vn@example.org/a.aac", ZALO, False),
        ("http://127.0.0.1:5432/", ZALO, False),
        ("http://127.0.0.1:5432/", "http://127.0.0.1:8080/sim/zalo", False),
        ("http://169.254.169.254/latest/meta-data", ZALO, False),
        ("file:///etc/passwd", ZALO, False),
        ("//talk.zdn.vn/a.aac", ZALO, False),
        ("https://[::1]/a", ZALO, False),
        ("https://[bad/a", ZALO, False),
        ("", ZALO, False),
    ],
)
def test_only_zalos_hosts_are_asked(url: str, base: str, may: bool) -> None:
    """Scheme, host and port decide; a name that only looks like Zalo's does not."""
    assert allowed(url, base) is may
