"""Checks of a call, and of a message in it: in the order in which Zalo looks."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from starlette.datastructures import Headers

from simulator.core.clock import VIETNAM
from simulator.core.phones import Phone
from simulator.zalo.account import OfficialAccount
from simulator.zalo.errors import ZaloRefused
from simulator.zalo.message_body import Content

REPLY_WINDOW = timedelta(hours=48)
INTERACTION_WINDOW = timedelta(days=7)
ASSET_LIFE = timedelta(days=7)


def check_call(account: OfficialAccount, headers: Headers, token: str) -> None:
    """Raise Refused unless token, proof, app, grant and plan are in order."""
    if state := account.tokens.state(token):
        raise ZaloRefused(state)
    _check_proof(account, headers, token)
    conditions = account.conditions
    for code, fine in (
        (-209, conditions.app_active),
        (-223, conditions.granted),
        (-221, conditions.verified),
        (-224, conditions.plan_has_api),
    ):
        if not fine:
            raise ZaloRefused(code)


def _check_proof(account: OfficialAccount, headers: Headers, token: str) -> None:
    proof = headers.get("appsecret_proof")
    if proof is None and not account.conditions.appsecret_proof_required:
        return
    if not hmac.compare_digest(appsecret_proof(account.app_secret, token), proof or ""):
        raise ZaloRefused(-242)


def appsecret_proof(secret: str, token: str) -> str:
    """Return the hex HMAC-SHA256 of an access token under the app's secret.

    Source: zalo-java-sdk AppSecretProofUtil (2024-10).
    """
    return hmac.new(secret.encode(), token.encode(), "sha256").hexdigest()


def check_recipient(account: OfficialAccount, phone: Phone | None) -> Phone:
    """Return the recipient of a consultation message; raises Refused when she cannot be reached now."""
    if phone is None or not phone.reachable:
        raise ZaloRefused(-213)
    if phone.away:
        raise ZaloRefused(-227)
    if phone.last_interaction is None:
        raise ZaloRefused(-232)
    if not _within(account, phone, INTERACTION_WINDOW):
        raise ZaloRefused(-230)
    if phone.blocked:
        raise ZaloRefused(-244)
    return phone


def _within(account: OfficialAccount, phone: Phone, window: timedelta) -> bool:
    last = phone.last_interaction
    return last is not None and account.environment.now() - last <= window


def quota_for(account: OfficialAccount, phone: Phone) -> dict[str, str] | None:
    """Count one consultation message and return its quota: a free reply, the month's allowance, or None (paid)."""
    cap, used = account.conditions.cs_free_cap, account.has.replies.get(phone.address, 0)
    if _within(account, phone, REPLY_WINDOW) and (cap is None or used < cap):
        account.has.replies[phone.address] = used + 1
        left = 8 if cap is None else cap - used - 1
        return _quota(account, "reply", left, 8 if cap is None else cap)
    if account.conditions.sub_quota > 0:
        account.conditions.sub_quota -= 1
        return _quota(account, "sub_quota", account.conditions.sub_quota, 2000)
    if not account.conditions.zca_has_money:
        raise ZaloRefused(-321)
    return None


def _quota(account: OfficialAccount, kind: str, remain: int, total: int) -> dict[str, str]:
    quota = {"quota_type": kind, "remain": str(remain), "total": str(total)}
    month = account.environment.now().astimezone(VIETNAM).replace(day=1) + timedelta(days=31)
    last_day = month.replace(day=1) - timedelta(days=1)
    return quota | {
        "expired_date": last_day.strftime("%d/%m/%Y"),
        "owner_type": "OA",
        "owner_id": account.oa_id,
    }


def check_asset(account: OfficialAccount, content: Content) -> None:
    """Raise Refused when the content refers to an upload that is unknown or older than seven days."""
    if not content.asset:
        return
    asset = account.has.assets.get(content.asset)
    if asset is None:
        raise ZaloRefused(-201, "token" if content.kind == "file" else "attachment_id")
    if account.environment.now() - asset.uploaded_at > ASSET_LIFE:
        raise ZaloRefused(-100)


def is_night(now: datetime) -> bool:
    """Say whether it is between 22:00 and 05:59:59 in Viet Nam (the documentation names no zone)."""
    hour = now.astimezone(VIETNAM).hour
    return hour >= 22 or hour < 6
