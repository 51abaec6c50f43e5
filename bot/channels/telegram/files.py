"""Telegram's files: a sound sent as bytes once, a voice note fetched by its id."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import InputFile
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.base import Permanent, Retry
from content.media import m4a
from content.media.attachment import SanitizedFile
from content.media.clip import Clip

NEUTRAL = "audio"
"""What every sound is called, whatever it says."""


def with_sound(parameters: Mapping[str, object], method: str, clip: Clip) -> RequestData:
    """Add the bytes of a sound to the parameters of sendVoice or sendAudio.

    AAC goes in an MP4 container: Telegram plays Ogg Opus, MP3 and M4A as a voice. Source: Bot API 10.3, sendVoice.
    """
    data = clip.data if clip.format == "opus" else m4a.wrapped(clip.data)
    name = f"{NEUTRAL}.{'ogg' if clip.format == 'opus' else 'm4a'}"
    kind = "voice" if method == "sendVoice" else "audio"
    plain = [RequestParameter(key, value, None) for key, value in parameters.items()]
    return RequestData([*plain, RequestParameter(kind, None, [InputFile(data, name)])])


def with_file(parameters: Mapping[str, object], taken: SanitizedFile) -> tuple[str, RequestData]:
    """Return the method and the parameters that send a picture or a document of a case.

    A picture is covered until it is touched, in the chat and in what a screen shows of it. Source: Bot API 10.1,
    sendPhoto, has_spoiler (2026-06).
    """
    photo = taken.kind == "photo"
    kind = "photo" if photo else "document"
    more = {"has_spoiler": True} if photo else {"disable_content_type_detection": True}
    plain = [RequestParameter(key, value, None) for key, value in {**parameters, **more}.items()]
    method = "sendPhoto" if photo else "sendDocument"
    return method, RequestData([*plain, RequestParameter(kind, None, [InputFile(taken.data, taken.name)])])


def reference_in(result: object) -> str:
    """Return how `Shown.media` names the sound of a message that was sent; "" when the answer does not say."""
    for kind in ("voice", "audio", "document"):
        file = result.get(kind) if isinstance(result, dict) else None
        if isinstance(file, dict) and isinstance(file.get("file_id"), str):
            return f"{kind}:{file['file_id']}"
    return ""


def path_in(result: object, most: int) -> str:
    """Return where a file lies, by the answer of getFile. Raises Permanent when it is too large or nowhere."""
    path = result.get("file_path") if isinstance(result, dict) else None
    size = result.get("file_size") if isinstance(result, dict) else None
    if not isinstance(path, str) or not path or ".." in path or "://" in path:
        raise Permanent("the file is nowhere", code="file")
    if isinstance(size, int) and size > most:
        raise Permanent("the file is too large", code="large")
    return path


def bytes_of(status: int, payload: bytes) -> bytes:
    """Check a download. Raises Retry or Permanent."""
    if status == 200:
        return payload
    if status >= 500 or status == 429:
        raise Retry("the file could not be fetched now", after=5.0, code=str(status))
    raise Permanent("the file is not to be had", code=str(status))
