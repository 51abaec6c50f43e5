"""Takes files to be sent later: a picture, an animation, a document."""

from __future__ import annotations

from typing import Any

from simulator.zalo.account import Asset
from simulator.zalo.errors import ZaloRefused
from simulator.zalo.request import ApiRequest

MEGABYTE = 1024 * 1024
# Kind: accepted extensions and most bytes. Source: transcribed documentation, 2026-08-20.
_RULES = {
    "image": ((".jpg", ".jpeg", ".png"), MEGABYTE),
    "gif": ((".gif",), 5 * MEGABYTE),
    "file": ((".pdf", ".doc", ".docx", ".csv"), 5 * MEGABYTE),
}


def upload_image(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/upload/image: JPEG or PNG up to 1 MB."""
    return _upload(asked, "image")


def upload_gif(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/upload/gif: up to 5 MB."""
    return _upload(asked, "gif")


def upload_file(asked: ApiRequest) -> Any:
    """POST /v2.0/oa/upload/file: PDF, DOC, DOCX or CSV up to 5 MB; answers with a token instead of an id."""
    return _upload(asked, "file")


def _upload(asked: ApiRequest, kind: str) -> dict[str, str]:
    if asked.upload is None:
        raise ZaloRefused(-201, "file")
    extensions, most = _RULES[kind]
    if len(asked.upload.data) > most:
        raise ZaloRefused(-210, "file size")
    account = asked.account
    month = f"{kind} {account.environment.now():%Y-%m}"
    if account.has.uploads.get(month, 0) >= account.conditions.uploads_per_month:
        raise ZaloRefused(-211)
    account.has.uploads[month] = account.has.uploads.get(month, 0) + 1
    if not asked.upload.name.lower().endswith(extensions):
        return {}  # Zalo reports success and gives nothing back (seen in nextlevelbuilder/goclaw).
    file = account.environment.keep_file(kind, asked.upload.name, asked.upload.data)
    asset = Asset(account.environment.ids.word(48), kind, file.id, asked.upload.name, account.environment.now())
    account.has.assets[asset.id] = asset
    return {"token": asset.id} if kind == "file" else {"attachment_id": asset.id}
