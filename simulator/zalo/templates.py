"""Pre-approved templates: to a user id on the OpenAPI host, to a phone number on the business host (minimal)."""

from __future__ import annotations

import re
from typing import Any

from simulator.zalo.consultation import show
from simulator.zalo.errors import ZaloRefused
from simulator.zalo.message_body import Content
from simulator.zalo.request import ApiRequest
from simulator.zalo.send_checks import is_night

DAILY_QUOTA = 2000

# The one template every account starts with; its tag 2 is customer care.
STARTER = {
    "template_id": "100001",
    "template_name": "Nhắc lịch",
    "status": "ENABLE",
    "tag": 2,
    "uid": True,
    "text": "Có tin mới cho <name>. Mở Zalo để xem.",
}


def templates(asked: ApiRequest) -> dict[str, dict[str, Any]]:
    """Return the account's templates by id."""
    return {"100001": STARTER, **asked.account.has.templates}


def send_to_user(asked: ApiRequest) -> Any:
    """POST /v3.0/oa/message/template: a template to a user id; silent at night for tags 1 and 2."""
    text, template = _filled(asked)
    phone = asked.person()
    if not template.get("uid"):
        raise ZaloRefused(-249)
    night = is_night(asked.account.environment.now())
    if night and template.get("tag") == 3:
        raise ZaloRefused(-234)
    message = show(asked.account, phone, Content("text", text), push=not night, echo=False)
    quota = {"quota_type": "purchase_quota", "remain": "1000"}
    sent = {"message_id": message.id, "user_id": phone.address}
    return sent | {"sent_time": str(int(message.at.timestamp() * 1000)), "quota": quota}


def send_to_number(asked: ApiRequest) -> Any:
    """POST /message/template on the business host: a template to a phone number that uses Zalo."""
    _filled(asked)
    if not re.fullmatch(r"84\d{9}", asked.text("phone")):
        raise ZaloRefused(-108, message="Phone number is invalid")
    if len(str(asked.body.get("tracking_id", ""))) > 48:
        raise ZaloRefused(-201, "tracking_id")
    used = asked.account.has.sent_templates
    day = f"{asked.account.environment.now():%Y-%m-%d}"
    if used.get(day, 0) >= DAILY_QUOTA:
        raise ZaloRefused(-144, message="Daily quota exceeded")
    used[day] = used.get(day, 0) + 1
    quota = {"dailyQuota": str(DAILY_QUOTA), "remainingQuota": str(DAILY_QUOTA - used[day])}
    now = str(int(asked.account.environment.now().timestamp() * 1000))
    return {"msg_id": asked.account.environment.ids.word(), "sent_time": now, "sending_mode": "1", "quota": quota}


def list_templates(asked: ApiRequest) -> Any:
    """GET /template/all on the business host."""
    shown = ("template_id", "template_name", "status")
    return [{"templateId": t["template_id"], **{k: t[k] for k in shown[1:]}} for t in templates(asked).values()]


def daily_quota(asked: ApiRequest) -> Any:
    """GET /message/quota on the business host."""
    used = asked.account.has.sent_templates.get(f"{asked.account.environment.now():%Y-%m-%d}", 0)
    return {"dailyQuota": str(DAILY_QUOTA), "remainingQuota": str(DAILY_QUOTA - used)}


def _filled(asked: ApiRequest) -> tuple[str, dict[str, Any]]:
    template = templates(asked).get(asked.text("template_id"))
    if template is None:
        raise ZaloRefused(-201, "template_id")
    values = asked.body.get("template_data")
    if not isinstance(values, dict):
        raise ZaloRefused(-201, "template_data")
    text = str(template["text"])
    for name in re.findall(r"<(\w+)>", text):
        if name not in values:
            raise ZaloRefused(-201, name)
        text = text.replace(f"<{name}>", str(values[name]))
    return text, template
