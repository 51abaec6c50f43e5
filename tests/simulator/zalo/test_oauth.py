"""Consent, exchange and rotation of tokens work as Zalo's OAuth v4 does."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from simulator.zalo.tokens import challenge_of


async def trade(far: Any, secret: str | None = None, **form: str) -> dict[str, Any]:
    """Post a form to the token endpoint as a client does."""
    account = far.world.zalo
    url = f"{far.base}/sim/zalo/oauth/v4/oa/access_token"
    headers = {"secret_key": account.app_secret if secret is None else secret}
    async with far.web.post(url, data={"app_id": account.app_id, **form}, headers=headers) as answer:
        assert answer.status == 200
        return await answer.json()


async def refresh(far: Any, token: str) -> dict[str, Any]:
    """Trade a refresh token."""
    return await trade(far, grant_type="refresh_token", refresh_token=token)


async def consent(far: Any, **query: str) -> dict[str, list[str]]:
    """Follow the consent address and return what the callback gets."""
    wanted = {"app_id": far.world.zalo.app_id, "redirect_uri": "http://localhost/back", **query}
    url = f"{far.base}/sim/zalo/oauth/v4/oa/permission"
    async with far.web.get(url, params=wanted, allow_redirects=False) as answer:
        assert answer.status == 302
        return parse_qs(urlsplit(answer.headers["Location"]).query)


async def test_a_consent_code_buys_the_first_pair_once(far):
    """The callback gets code, OA id and state; the code works once and only with its verifier."""
    back = await consent(far, code_challenge=challenge_of("v" * 43), state="s")
    assert (back["oa_id"], back["state"]) == ([far.world.zalo.oa_id], ["s"])
    form = {"grant_type": "authorization_code", "code": back["code"][0]}
    pair = await trade(far, **form, code_verifier="v" * 43)
    assert pair["expires_in"] == "90000"
    assert (await trade(far, **form, code_verifier="v" * 43))["error"] == -118
    other = await consent(far, code_challenge=challenge_of("v" * 43))
    wrong = await trade(far, grant_type="authorization_code", code=other["code"][0], code_verifier="w" * 43)
    assert wrong["error"] == -118


async def test_a_code_lives_ten_minutes(far):
    """After ten minutes the code buys nothing."""
    back = await consent(far)
    await far.advance(minutes=10, seconds=1)
    assert (await trade(far, grant_type="authorization_code", code=back["code"][0]))["error"] == -118


async def test_a_refresh_token_works_once_and_kills_the_pair_before_it(far):
    """The new pair replaces the old one; using the spent token again is -14014 and counted."""
    old = await far.post("/__sim/accounts/zalo_oa/first/grant")
    far.access = old["access_token"]
    assert (await far.zalo_get("openapi/v2.0/oa/getoa"))["error"] == 0
    new = await refresh(far, old["refresh_token"])
    assert (await far.zalo_get("openapi/v2.0/oa/getoa"))["error"] == -216
    far.access = new["access_token"]
    assert (await far.zalo_get("openapi/v2.0/oa/getoa"))["error"] == 0
    again = await refresh(far, old["refresh_token"])
    assert (again["error"], again["error_name"]) == (-14014, "Invalid refresh token")
    assert "access_token" not in again
    account = (await far.get("/__sim/accounts"))["zalo_oa"][0]
    assert account["reused_refresh_tokens"] == 1


async def test_tokens_run_out(far):
    """The access token lives 25 hours (-220 after), the refresh token 90 days."""
    pair = await far.post("/__sim/accounts/zalo_oa/first/grant")
    far.access = pair["access_token"]
    await far.advance(hours=25)
    assert (await far.zalo_get("openapi/v2.0/oa/getoa"))["error"] == -220
    await far.advance(days=90)
    assert (await refresh(far, pair["refresh_token"]))["error"] == -14014


async def test_a_lost_answer_leaves_the_token_spent(far):
    """When the answer is lost after the rotation, the token is spent and the client has nothing new."""
    pair = await far.post("/__sim/accounts/zalo_oa/first/grant")
    await far.faults({"channel": "zalo_oa", "method": "access_token", "kind": "lost_response"})
    with pytest.raises(aiohttp.ClientError):
        await refresh(far, pair["refresh_token"])
    assert (await refresh(far, pair["refresh_token"]))["error"] == -14014


async def test_a_wrong_secret_or_app_is_refused_without_spending_anything(far):
    """A wrong secret_key has no numeric error, a wrong app is -14002; the token still works afterwards."""
    pair = await far.post("/__sim/accounts/zalo_oa/first/grant")
    form = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    assert "error" not in await trade(far, secret="wrong", **form)
    assert (await trade(far, **{**form, "app_id": "1"}))["error"] == -14002
    assert "access_token" in await trade(far, **form)


async def test_a_revoked_account_needs_consent_again(far):
    """After a full revocation neither token works; a new consent gives a working pair."""
    pair = await far.post("/__sim/accounts/zalo_oa/first/grant")
    await far.post("/__sim/accounts/zalo_oa/first/revoke", {"refresh_too": True})
    assert (await refresh(far, pair["refresh_token"]))["error"] == -14014
    back = await consent(far)
    assert "access_token" in await trade(far, grant_type="authorization_code", code=back["code"][0])


async def test_tokens_never_reach_the_log(far):
    """Nothing in the log is a token, a secret or a code."""
    pair = await far.post("/__sim/accounts/zalo_oa/first/grant")
    new = await refresh(far, pair["refresh_token"])
    await far.telegram("getMe")
    text = str(await far.log())
    secrets = [*pair.values(), *new.values(), far.world.zalo.app_secret, far.world.telegram.token]
    assert [s for s in secrets if len(s) > 6 and s in text] == []
