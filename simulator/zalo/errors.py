"""Errors of Zalo: HTTP 200 with a negative `error` and a sentence."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

MESSAGES = {
    -32: "Your OA reached limit call api",
    -100: "attachment_id was expired",
    -201: "{} is invalid",
    -209: "The app has not been activated",
    -210: "{} over limit",
    -211: "Out of quota",
    -213: "User has not followed OA",
    -216: "Access token is invalid",
    -220: "Access token is expired or removed",
    -221: "OA has not been verified",
    -223: "OA has not authorized the app",
    -224: "OA needs to upgrade its package to use this feature",
    -227: "User is banned or has been inactive for more than 45 days",
    -230: "User has not interacted with OA in the past 7 days",
    -232: "User has not interacted with OA, or the interaction has expired",
    -233: "Message type is not supported",
    -234: "This message cannot be sent at night (22:00-06:00)",
    -237: "Group is expired",
    -240: "This API version has been shut down, please use the new version",
    -242: "appsecret_proof is invalid",
    -244: "User has restricted this type of message from your OA",
    -249: "Template does not support sending by user id",
    -321: "ZCA has run out of money",
    -403: "OA is not a member of this group",
}


class ZaloRefused(Exception):
    """A call that Zalo answers with `code`; `what` names the field where the sentence has room for it."""

    def __init__(self, code: int, what: str = "", message: str = "") -> None:
        self.code = code
        self.message = message or MESSAGES.get(code, "Unknown error").format(what)
        super().__init__(self.message)


class ZaloAnswer(Response):
    """An answer in Zalo's envelope: always HTTP 200; `code` is the error inside."""

    media_type = "application/json"

    def __init__(self, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(json.dumps(body), headers=headers)
        self.code = body.get("error", body.get("error_name", 0))


def success(data: Any) -> dict[str, Any]:
    """Return the envelope around a result."""
    return {"data": data, "error": 0, "message": "Success"}


def failure(refused: ZaloRefused) -> dict[str, Any]:
    """Return the envelope around a refusal."""
    return {"error": refused.code, "message": refused.message}
