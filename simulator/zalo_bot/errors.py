"""Errors of the Bot Platform: an envelope with `ok` false, a code and a sentence."""

from __future__ import annotations

from typing import Any

WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Internal server error",
    404: "Not Found",
    408: "Request timeout",
    429: "Too Many Requests",
}
"""403 is an error of the server on this platform, not a refusal."""


class ZaloBotRefused(Exception):
    """A call that is answered with `code`; `retry_after` seconds go into the header of that name."""

    def __init__(self, code: int, what: str = "", retry_after: int = 0) -> None:
        words = WORDS.get(code, "Error")
        self.code = code
        self.description = f"{words}: {what}" if what else words
        self.retry_after = retry_after
        super().__init__(self.description)

    def body(self) -> dict[str, Any]:
        """Return the envelope."""
        return {"ok": False, "error_code": self.code, "description": self.description}


NO_CHAT = ZaloBotRefused(404, "chat not found")
NO_METHOD = ZaloBotRefused(404, "method not found")
NO_TOKEN = ZaloBotRefused(401)
NO_NEWS = ZaloBotRefused(408)
