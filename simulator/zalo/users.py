"""What an account may learn of people and of itself: profiles, lists, tags."""

from __future__ import annotations

from typing import Any

from simulator.core.clock import VIETNAM
from simulator.core.ids import zalo_user_by_app
from simulator.core.phones import Phone
from simulator.zalo.errors import ZaloRefused
from simulator.zalo.request import ApiRequest


def user_detail(asked: ApiRequest) -> Any:
    """GET /v3.0/oa/user/detail: one person's profile."""
    phone, account = asked.person(), asked.account
    last = phone.last_interaction
    tags = sorted(tag for tag, users in account.has.tags.items() if phone.address in users)
    return {
        "user_id": phone.address,
        "user_id_by_app": zalo_user_by_app(phone.slug),
        "user_external_id": "",
        "display_name": phone.name,
        "user_alias": phone.name,
        "is_sensitive": False,
        "user_last_interaction_date": last.astimezone(VIETNAM).strftime("%d/%m/%Y") if last else "",
        "user_is_follower": phone.follows,
        "avatar": "",
        "avatars": {"120": "", "240": ""},
        "dynamic_param": "",
        "tags_and_notes_info": {"notes": [], "tag_names": tags},
        "shared_info": {},
    }


def user_list(asked: ApiRequest) -> Any:
    """GET /v3.0/oa/user/getlist: up to 50 user ids from an offset."""
    offset, count = asked.number("offset", 0, 9951), asked.number("count", 50, 50)
    wanted = asked.body.get("tag_name")
    users = [p.address for p in _people(asked) if not wanted or p.address in asked.account.has.tags.get(wanted, set())]
    page = [{"user_id": user} for user in users[offset : offset + count]]
    return {"total": len(users), "count": len(page), "offset": offset, "users": page}


def user_update(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/user/update: accepted and forgotten."""
    asked.person()
    return {}


def delete_follower_info(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/deletefollowerinfo: drop what the account stored about a person."""
    phone = asked.person()
    for users in asked.account.has.tags.values():
        users.discard(phone.address)
    return {}


def _people(asked: ApiRequest) -> list[Phone]:
    return [p for p in asked.account.environment.phones if p.account == asked.account.oa_id and p.follows]


def account_info(asked: ApiRequest) -> Any:
    """GET /v2.0/oa/getoa: the account itself."""
    account = asked.account
    return {
        "oaid": account.oa_id,
        "name": account.name,
        "description": account.description,
        "oa_alias": "",
        "is_verified": account.conditions.verified,
        "oa_type": 4,
        "cate_name": "",
        "num_follower": len(_people(asked)),
        "avatar": "",
        "cover": "",
        "package_name": "Toàn diện" if account.conditions.rate_per_minute > 100 else "Tăng trưởng",
        "package_valid_through_date": "31/12/2027",
        "package_auto_renew_date": "",
        "linked_ZCA": "",
    }


def tag_follower(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/tag/tagfollower: put a tag on a person (the id may be a number here)."""
    phone, tag = asked.person(), asked.text("tag_name")
    asked.account.has.tags.setdefault(tag, set()).add(phone.address)
    _tell(asked, "add_user_to_tag", tag, phone)
    return {}


def untag_follower(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/tag/rmfollowerfromtag: take a tag off a person."""
    phone, tag = asked.person(), asked.text("tag_name")
    asked.account.has.tags.get(tag, set()).discard(phone.address)
    _tell(asked, "remove_user_from_tag", tag, phone)
    return {}


def remove_tag(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/tag/rmtag: delete a tag."""
    tag = asked.text("tag_name")
    if asked.account.has.tags.pop(tag, None) is None:
        raise ZaloRefused(-201, "tag_name")
    asked.account.webhook.emit("remove_tag", {"oa_id": asked.account.oa_id, "tag": {"name": tag}})
    return {}


def tags(asked: ApiRequest) -> Any:
    """GET /v2.0/oa/tag/gettagsofoa: the names of all tags."""
    return sorted(asked.account.has.tags)


def _tell(asked: ApiRequest, event: str, tag: str, phone: Phone) -> None:
    body = {"oa_id": asked.account.oa_id, "tag": {"name": tag, "user_ids": [phone.address]}}
    asked.account.webhook.emit(event, body, phone.slug)


def refuse_closed(asked: ApiRequest) -> Any:
    """GET /v2.0/oa/getprofile and /getfollowers: closed since 2024-06-01."""
    raise ZaloRefused(-240)
