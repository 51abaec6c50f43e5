"""The small client against the stand-in: every call we use, and consent from the first code on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.http import httpx_client
from bot.zalo_sdk.errors import ZaloError, ZaloNoAnswer, ZaloNotSent
from bot.zalo_sdk.oa_client import OA
from bot.zalo_sdk.oauth import OAuth, challenge, verifier
from bot.zalo_sdk.transport import ZaloTransport


class FixedToken:
    """A keeper of a single token."""

    def __init__(self, token: str) -> None:
        self.token = token

    async def access(self) -> str:
        """That token."""
        return self.token

    async def renewed(self, stale: str) -> str:
        """Still that token."""
        return self.token


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client as the service makes it."""
    async with httpx_client(8) as client:
        yield client


@pytest.fixture
def oa(zalo, http) -> OA:
    """A client with a good token."""
    token = zalo.world.zalo.tokens.issue()["access_token"]
    return OA(ZaloTransport(http, zalo.openapi, "openapi", patience=1.0), FixedToken(token))


def test_httpx_works_through_aiohttp_and_keeps_no_cookie(http) -> None:
    """The transport of the figures; no cookie jar that would grow with names."""
    assert type(http._transport).__name__ == "AiohttpTransport"
    response = httpx.Response(200, headers={"set-cookie": "a=b"}, request=httpx.Request("GET", "http://x.test"))
    http.cookies.extract_cookies(response)
    assert list(http.cookies.jar) == []
    assert not http.follow_redirects
    assert not http.trust_env


async def test_the_account_can_be_asked_about(oa, zalo) -> None:
    """getoa, the user, both quotas."""
    lan = zalo.world.phone("zalo_oa", "lan")
    assert (await oa.about())["oaid"] == zalo.world.zalo.oa_id
    assert (await oa.user(lan.address))["user_is_follower"] is True
    assert "cs_reply" in await oa.quota(lan.address)
    assert (await oa.quota())[0]["product_type"] == "cs"


async def test_what_was_missed_can_be_read_again(oa, zalo) -> None:
    """After an outage the conversation itself is the source."""
    from simulator.zalo.person import write

    lan = zalo.world.phone("zalo_oa", "lan")
    for n in range(12):
        write(zalo.world.zalo, lan, f"tin {n}")
    first, second = await oa.conversation(lan.address), await oa.conversation(lan.address, 10)
    assert {row["message"] for row in first + second} == {f"tin {n}" for n in range(12)}
    assert [row["from_id"] for row in await oa.recent_chats()] == [lan.address]


async def test_a_quote_that_is_refused_is_left_away(oa, zalo) -> None:
    """The answer matters more than the quotation."""
    from simulator.core.faults import read_fault

    lan = zalo.world.phone("zalo_oa", "lan")
    fault = {"channel": "zalo_oa", "kind": "error", "code": -201, "description": "quote_message_id is invalid"}
    zalo.world.faults.replace([read_fault(fault)])
    await oa.text({"user_id": lan.address}, "Chào", quote="gone")
    assert [m.text for m in lan.messages] == ["Chào"]


async def test_an_upload_without_an_ending_is_refused_and_not_silently_lost(oa) -> None:
    """Zalo answers such a name with success and nothing."""
    with pytest.raises(ZaloError):
        await oa.upload_image(b"\x89PNG", "picture")


async def test_a_picture_can_go_by_upload_and_with_words(oa, zalo) -> None:
    """attachment_id and text in one message."""
    lan = zalo.world.phone("zalo_oa", "lan")
    picture = await oa.upload_image(b"\x89PNG", "a.png")
    delivered = await oa.image({"user_id": lan.address}, attachment_id=picture, text="Xem")
    assert (lan.messages[-1].id, lan.messages[-1].text) == (delivered.message_id, "Xem")


async def test_the_proof_is_sent_where_the_account_demands_it(zalo, http) -> None:
    """appsecret_proof: -242 without, fine with."""
    account = zalo.world.zalo
    account.conditions.appsecret_proof_required = True
    token = FixedToken(account.tokens.issue()["access_token"])
    with pytest.raises(ZaloError):
        await OA(ZaloTransport(http, zalo.openapi, "openapi"), token).about()
    transport = ZaloTransport(http, zalo.openapi, "openapi", proof_key=account.app_secret)
    assert (await OA(transport, token).about())["oaid"] == account.oa_id


async def test_consent_gives_a_code_and_the_code_a_pair(zalo, http) -> None:
    """The page, the redirect, PKCE, the exchange; `expires_in` is a text. A code works once."""
    account = zalo.world.zalo
    oauth = OAuth(http, zalo.oauth, account.app_id, account.app_secret)
    secret = verifier()
    page = oauth.consent_url("https://example.test/back", challenge(secret), "s1")
    answer = await http.get(page)
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == ["s1"]
    granted = await oauth.exchange(back["code"][0], secret)
    assert granted.seconds == 90_000
    assert account.tokens.state(granted.access) == 0
    assert granted.access not in repr(granted)
    with pytest.raises(ZaloError):
        await oauth.exchange(back["code"][0], secret)


@pytest.mark.parametrize("numeric", [True, False])
async def test_a_spent_refresh_token_is_named_so(zalo, http, numeric: bool) -> None:
    """With a number or with a name only, and with HTTP 200, it is a refusal and never a pair."""
    account = zalo.world.zalo
    account.conditions.numeric_oauth_errors = numeric
    oauth = OAuth(http, zalo.oauth, account.app_id, account.app_secret)
    first = account.tokens.issue()["refresh_token"]
    await oauth.refresh(first)
    with pytest.raises(ZaloError) as refused:
        await oauth.refresh(first)
    assert refused.value.code == -14014


@pytest.mark.parametrize(
    ("kind", "error"),
    [("reset", ZaloNoAnswer), ("lost_response", ZaloNoAnswer), ("5xx", ZaloNoAnswer), ("html", ZaloNoAnswer)],
)
async def test_silence_is_not_a_refusal(zalo, http, kind: str, error: type[Exception]) -> None:
    """What broke after the bytes left is unknown, also where the transport calls it a connect timeout."""
    from simulator.core.faults import read_fault

    account = zalo.world.zalo
    zalo.world.faults.replace([read_fault({"channel": "zalo_oa", "kind": kind})])
    with pytest.raises(error):
        await OAuth(http, zalo.oauth, account.app_id, account.app_secret).refresh("x")


async def test_a_host_that_is_not_there_was_not_reached(http) -> None:
    """And the error names neither address nor token."""
    with pytest.raises(ZaloNotSent) as failed:
        await OAuth(http, "http://127.0.0.1:9", "1", "s").refresh("the-refresh-token")
    assert "127.0.0.1" not in repr(failed.value)
    assert failed.value.__context__ is None
