"""Where the OpenAPI and business hosts are mounted: /sim/zalo/openapi/… and /sim/zalo/business/…."""

from __future__ import annotations

import inspect
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from simulator.core.fault_responses import ApiCall, answer
from simulator.core.faults import Fault
from simulator.core.parameters import names_of
from simulator.routes import zalo_oauth
from simulator.world import World
from simulator.zalo import consultation, groups, history, templates, uploads, users
from simulator.zalo.account import OfficialAccount
from simulator.zalo.errors import ZaloAnswer, ZaloRefused, failure, success
from simulator.zalo.request import ApiRequest, Endpoint, UploadedFile, read_object
from simulator.zalo.send_checks import check_call

ENDPOINTS: dict[str, Endpoint] = {
    "POST openapi/v3.0/oa/message/cs": consultation.send_consultation,
    "POST openapi/v2.0/oa/message": consultation.send_old,
    "POST openapi/v3.0/oa/message/transaction": consultation.refuse_stopped,
    "POST openapi/v3.0/oa/message/promotion": consultation.refuse_stopped,
    "POST openapi/v3.0/oa/message/template": templates.send_to_user,
    "POST openapi/v2.0/oa/upload/image": uploads.upload_image,
    "POST openapi/v2.0/oa/upload/gif": uploads.upload_gif,
    "POST openapi/v2.0/oa/upload/file": uploads.upload_file,
    "GET openapi/v3.0/oa/user/detail": users.user_detail,
    "GET openapi/v3.0/oa/user/getlist": users.user_list,
    "POST openapi/v3.0/oa/user/update": users.user_update,
    "GET openapi/v2.0/oa/getprofile": users.refuse_closed,
    "GET openapi/v2.0/oa/getfollowers": users.refuse_closed,
    "POST openapi/v2.0/oa/deletefollowerinfo": users.delete_follower_info,
    "GET openapi/v2.0/oa/getoa": users.account_info,
    "POST openapi/v2.0/oa/tag/tagfollower": users.tag_follower,
    "POST openapi/v2.0/oa/tag/rmfollowerfromtag": users.untag_follower,
    "POST openapi/v2.0/oa/tag/rmtag": users.remove_tag,
    "GET openapi/v2.0/oa/tag/gettagsofoa": users.tags,
    "GET openapi/v2.0/oa/listrecentchat": history.recent_chats,
    "GET openapi/v2.0/oa/conversation": history.conversation,
    "POST openapi/v3.0/oa/quota/message": history.message_quota,
    "POST openapi/v2.0/oa/quota/message": history.old_message_quota,
    "POST openapi/v3.0/oa/group/creategroupwithoa": groups.create_group,
    "GET openapi/v3.0/oa/group/getgroup": groups.group_info,
    "GET openapi/v3.0/oa/group/getgroupsofoa": groups.groups,
    "GET openapi/v3.0/oa/group/listmember": groups.list_members,
    "POST openapi/v3.0/oa/group/invite": groups.invite,
    "POST openapi/v3.0/oa/group/removemembers": groups.remove_members,
    "POST openapi/v3.0/oa/group/delete": groups.delete_group,
    "POST openapi/v3.0/oa/group/message": groups.send_to_group,
    "POST openapi/v3.0/oa/quota/group": groups.group_quota,
    "POST business/message/template": templates.send_to_number,
    "GET business/template/all": templates.list_templates,
    "GET business/message/quota": templates.daily_quota,
}


def routes(world: World) -> list[Route]:
    """Return the routes of every account in this world, OAuth included."""

    async def endpoint(request: Request) -> Response:
        path = f"{request.path_params['host']}/{request.path_params['path']}"
        found = ENDPOINTS.get(f"{request.method} {path}")
        if found is None:
            return HTMLResponse("<html><body><h1>404 Not Found</h1></body></html>", 404)
        return await _call(world, request, path, found)

    where = "/sim/zalo/{host:str}/{path:path}"
    return [*zalo_oauth.routes(world), Route(where, endpoint, methods=["GET", "POST"])]


async def _call(world: World, request: Request, path: str, endpoint: Endpoint) -> Response:
    token = request.headers.get("access_token", "")
    account = _holder(world, token)
    try:
        asked = await _read(request, account)
        unread = None
    except ZaloRefused as refused:
        asked, unread = ApiRequest(account), refused
    limit: dict[str, str] = {}

    async def carry_out() -> Response:
        try:
            check_call(account, request.headers, token)
            limit.update(account.count_request())
            if limit["X-RateLimit-Remain"] == "-1":
                limit["X-RateLimit-Remain"] = "0"
                raise ZaloRefused(-32)
            if unread is not None:
                raise unread
            result: Any = endpoint(asked)
            return ZaloAnswer(success(await result if inspect.isawaitable(result) else result), limit)
        except ZaloRefused as refused:
            return ZaloAnswer(failure(refused), limit)

    names = names_of({**asked.query, **asked.body})
    called = ApiCall("zalo_oa", path, _slug(account, asked.body), _text(asked.body), names)
    return await answer(world, request, called, carry_out, lambda fault: _refusal_by(account, fault))


def _holder(world: World, token: str) -> OfficialAccount:
    # An unknown token is checked, and refused, by the first account.
    known = (a for a in world.accounts.values() if a.tokens.state(token) != -216)
    return next(known, world.zalo)


async def _read(request: Request, account: OfficialAccount) -> ApiRequest:
    query = dict(request.query_params)
    if request.method == "GET":
        return ApiRequest(account, read_object(query.pop("data", "{}")), query)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                return ApiRequest(account)
            return ApiRequest(account, upload=UploadedFile(file.filename or "", await file.read()))
    return ApiRequest(account, read_object(await request.body()))


def _slug(account: OfficialAccount, body: dict[str, Any]) -> str:
    recipient = body.get("recipient")
    user = recipient.get("user_id") if isinstance(recipient, dict) else body.get("user_id")
    phone = account.person(str(user))
    return phone.slug if phone else ""


def _text(body: dict[str, Any]) -> str:
    message = body.get("message")
    text = message.get("text", "") if isinstance(message, dict) else ""
    return text if isinstance(text, str) else ""


def _refusal_by(account: OfficialAccount, fault: Fault) -> Response:
    if fault.kind == "token_revoked":
        account.tokens.revoke()
        return ZaloAnswer(failure(ZaloRefused(-216)))
    refused = ZaloRefused(-32 if fault.kind == "429" else fault.code or -200, message=fault.description)
    response = ZaloAnswer(failure(refused))
    if fault.kind == "429":
        response.status_code = 429
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
