"""What somebody sent on Zalo is fetched from Zalo's own hosts, and from nowhere a message might point to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.base import Permanent, Retry
from bot.channels.zalo_files import Fetcher, allowed
from bot.http import PublicResolver, httpx_client
from bot.server import listening, server
from tests.support import content
from tests.support.stage import free_port

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
    hosts = content.library().limits["zalo_oa"].media_hosts
    assert allowed(url, base, hosts) is may


def test_a_name_without_a_dot_in_front_is_that_name_alone() -> None:
    """The list of hosts may name one exactly."""
    assert allowed("https://talk.zdn.vn/a", ZALO, ("talk.zdn.vn",))
    assert not allowed("https://x.talk.zdn.vn/a", ZALO, ("talk.zdn.vn",))
    assert not allowed("https://talk.zdn.vn/a", ZALO, ())


@pytest.fixture
async def file_server() -> AsyncIterator[tuple[str, Fetcher]]:
    """A host that keeps files, sends on, is too slow, and is away."""

    async def file(request: object) -> Response:
        return Response(b"x" * 1000)

    async def elsewhere(request: object) -> Response:
        return RedirectResponse("https://talk.zdn.vn/x")

    async def away(request: object) -> Response:
        return Response(status_code=503)

    port = free_port()
    base = f"http://127.0.0.1:{port}"
    app = Starlette(routes=[Route("/file", file), Route("/elsewhere", elsewhere), Route("/away", away)])
    async with listening(server(app, "127.0.0.1", port)), httpx_client(2) as http:
        fetcher = Fetcher(http, base, (".zdn.vn",))
        yield base, fetcher
        await fetcher.close()


async def test_no_redirect_is_followed_and_no_byte_too_many_is_read(file_server: tuple[str, Fetcher]) -> None:
    """A redirect is a refusal, wherever it leads; the cap is looked at while the bytes come."""
    base, fetcher = file_server
    assert await fetcher.fetched(f"{base}/file", 1000) == b"x" * 1000
    for path, most, code in (("file", 999, "large"), ("elsewhere", 1000, "307"), ("nothing", 1000, "404")):
        with pytest.raises(Permanent) as refused:
            await fetcher.fetched(f"{base}/{path}", most)
        assert refused.value.code == code
    with pytest.raises(Retry):
        await fetcher.fetched(f"{base}/away", 1000)


async def test_a_name_that_leads_home_is_not_found() -> None:
    """The check is made where the connection is: a name server cannot send us to ourselves."""
    with pytest.raises(OSError, match="no public address"):
        await PublicResolver().resolve("localhost", 443)
    async with httpx_client(1, public_only=True) as http:
        with pytest.raises(httpx.TransportError):
            await http.get("https://localhost:1/")
