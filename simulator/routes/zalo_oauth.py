"""The OAuth host: consent of an administrator, exchange of the code, rotation of the refresh token."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.core.fault_responses import ApiCall, answer
from simulator.core.faults import Fault
from simulator.world import World
from simulator.zalo.account import OfficialAccount
from simulator.zalo.errors import ZaloAnswer
from simulator.zalo.tokens import OAuthRefused

_FORM = "application/x-www-form-urlencoded"


def routes(world: World) -> list[Route]:
    """Return the routes under /sim/zalo/oauth."""

    async def permission(request: Request) -> Response:
        query = request.query_params
        account = _by_app(world, query.get("app_id", ""))
        callback = query.get("redirect_uri", "")
        if account is None or not callback.startswith(("http://", "https://")):
            return HTMLResponse("<h1>-14003 Invalid redirect uri or app id</h1>", 400)
        code = account.tokens.grant_code(query.get("code_challenge", ""))
        back = {"code": code, "oa_id": account.oa_id}
        if "state" in query:
            back["state"] = query["state"]
        return RedirectResponse(f"{callback}{'&' if '?' in callback else '?'}{urlencode(back)}", 302)

    async def access_token(request: Request) -> Response:
        form = await _form(request)
        account = _by_app(world, form.get("app_id", ""))

        async def trade() -> Response:
            return _trade(account, request.headers.get("secret_key", ""), form)

        return await answer(world, request, ApiCall("zalo_oa", "oauth/access_token"), trade, _refusal_by)

    return [
        Route("/sim/zalo/oauth/v4/oa/permission", permission),
        Route("/sim/zalo/oauth/v4/oa/access_token", access_token, methods=["POST"]),
    ]


def _by_app(world: World, app_id: str) -> OfficialAccount | None:
    return next((a for a in world.accounts.values() if a.app_id == app_id), None)


async def _form(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith(_FORM):
        return {}
    async with request.form() as form:
        return {name: str(value) for name, value in form.items()}


def _trade(account: OfficialAccount | None, secret: str, form: dict[str, str]) -> Response:
    numeric = account is None or account.conditions.numeric_oauth_errors
    try:
        return ZaloAnswer(_pair(account, secret, form))
    except OAuthRefused as refused:
        return ZaloAnswer(refused.body(numeric=numeric))


def _pair(account: OfficialAccount | None, secret: str, form: dict[str, str]) -> dict[str, str]:
    if account is None or not account.conditions.app_active:
        raise OAuthRefused("Invalid appId", "app_id is unknown or the app is not active", -14002)
    if secret != account.app_secret:
        raise OAuthRefused("Invalid secret key", "the secret_key header is missing or wrong")
    if form.get("grant_type") == "authorization_code":
        return account.tokens.exchange(form.get("code", ""), form.get("code_verifier", ""))
    if form.get("grant_type") == "refresh_token":
        return account.tokens.refresh(form.get("refresh_token", ""))
    raise OAuthRefused("Invalid grant type", "grant_type must be authorization_code or refresh_token", -118)


def _refusal_by(fault: Fault) -> Response:
    code = fault.code or (-32 if fault.kind == "429" else -14014)
    refused = OAuthRefused(fault.description or "Invalid refresh token", "scripted fault", code)
    response = ZaloAnswer(refused.body())
    response.status_code = 429 if fault.kind == "429" else 200
    return response
