"""Group chats owned by an account (GMF)."""

from __future__ import annotations

from typing import Any

from simulator.core.phones import Message
from simulator.zalo.account import Group
from simulator.zalo.consultation import media_of
from simulator.zalo.errors import ZaloRefused
from simulator.zalo.message_body import read_content
from simulator.zalo.request import ApiRequest

MEMBERS_LIMIT = 100
_ECHO = {"image": "image", "gif": "gif", "sticker": "sticker", "file": "file"}


def create_group(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/group/creategroupwithoa: a group of 1–99 people with the account in it."""
    members = _members(asked)
    group_id = asked.account.environment.ids.word(28)
    group = Group(
        group_id,
        asked.text("group_name"),
        str(asked.body.get("group_description", "")),
        asked.text("asset_id"),
        members,
    )
    asked.account.has.groups[group_id] = group
    _tell(asked, "create_group", group, members)
    return {"group_id": group_id, "group_link": f"https://zalo.me/g/{group_id[:9]}", "status": "enabled"}


def group_info(asked: ApiRequest) -> Any:
    """GET /v3.0/oa/group/getgroup: one group with its asset and settings."""
    group = _group(asked)
    asset = {"asset_type": "gmf100", "asset_id": group.asset_id, "valid_through": "31/12/2027"}
    setting = {"lock_send_msg": False, "join_appr": True, "enable_msg_history": False, "enable_link_join": False}
    return {"group_info": _described(group), "asset_info": asset | {"auto_renew": False}, "group_setting": setting}


def groups(asked: ApiRequest) -> Any:
    """GET /v3.0/oa/group/getgroupsofoa: the account's groups."""
    offset, count = asked.number("offset", 0, 10_000), asked.number("count", 10, 50)
    mine = list(asked.account.has.groups.values())
    page = [_described(group) for group in mine[offset : offset + count]]
    return {"total": len(mine), "count": len(page), "offset": offset, "groups": page}


def list_members(asked: ApiRequest) -> Any:
    """GET /v3.0/oa/group/listmember: who is in a group."""
    group, phones = _group(asked), asked.account.environment.phones
    names = {p.address: p.name for p in phones if p.account == asked.account.oa_id}
    people = [{"id": m, "name": names.get(m, ""), "avatar": ""} for m in group.members]
    return {"total": len(people), "members": people}


def invite(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/group/invite: add people."""
    group, people = _group(asked), _members(asked)
    group.members = sorted(set(group.members) | set(people))
    _tell(asked, "user_join_group", group, people)
    return {}


def remove_members(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/group/removemembers: take people out."""
    group, people = _group(asked), _members(asked)
    group.members = [member for member in group.members if member not in people]
    _tell(asked, "user_out_group", group, people)
    return {}


def delete_group(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/group/delete: dissolve a group."""
    group = _group(asked)
    del asked.account.has.groups[group.id]
    _tell(asked, "delete_group", group, group.members)
    return {}


def send_to_group(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/group/message: a message everybody in the group sees."""
    recipient = asked.body.get("recipient")
    if not isinstance(recipient, dict) or "group_id" not in recipient:
        raise ZaloRefused(-201, "group_id")
    content = read_content(asked.body.get("message"))
    group = asked.account.has.groups.get(str(recipient["group_id"]))
    if group is None:
        raise ZaloRefused(-403)
    if not group.enabled:
        raise ZaloRefused(-237)
    environment, account = asked.account.environment, asked.account
    message_id, media = environment.ids.word(), media_of(account, content)
    for member in group.members:
        if phone := account.person(member):
            environment.show(phone, Message(message_id, "bot", environment.now(), content.text, (), media, push=True))
    said = {"text": content.text, "msg_id": message_id}
    body = {"sender": {"id": account.oa_id}, "recipient": {"id": group.id}, "oa_id": account.oa_id, "message": said}
    account.webhook.emit(f"oa_send_group_{_ECHO.get(content.kind, 'text')}", body)
    return {"message_id": message_id, "group_id": group.id}


def group_quota(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/quota/group: the group assets of the account."""
    used = next(iter(asked.account.has.groups), "")
    head = {"asset_id": "gmf100-1", "product_type": "gmf100", "quota_type": "sub_quota", "auto_renew": False}
    return [{**head, "valid_through": "31/12/2027", "status": "used" if used else "available", "used_id": used}]


def _group(asked: ApiRequest) -> Group:
    group = asked.account.has.groups.get(asked.text("group_id"))
    if group is None:
        raise ZaloRefused(-201, "group_id")
    return group


def _members(asked: ApiRequest) -> list[str]:
    members = asked.body.get("member_user_ids")
    if not isinstance(members, list) or not members:
        raise ZaloRefused(-201, "member_user_ids")
    if len(members) >= MEMBERS_LIMIT:
        raise ZaloRefused(-210, "member_user_ids")
    if any(asked.account.person(str(member)) is None for member in members):
        raise ZaloRefused(-213)
    return [str(member) for member in members]


def _described(group: Group) -> dict[str, Any]:
    return {
        "group_id": group.id,
        "name": group.name,
        "avatar": "",
        "group_link": f"https://zalo.me/g/{group.id[:9]}",
        "group_description": group.description,
        "status": "enabled" if group.enabled else "disabled",
        "total_member": len(group.members),
        "max_member": MEMBERS_LIMIT,
        "auto_delete_date": "",
    }


def _tell(asked: ApiRequest, event: str, group: Group, members: list[str]) -> None:
    users = [{"id": member} for member in members]
    asked.account.webhook.emit(event, {"oa_id": asked.account.oa_id, "group_id": group.id, "users": users})
