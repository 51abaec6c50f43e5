"""Whatever she sends in a case stands there: words, a file, or a note that has words in the console."""

from __future__ import annotations

from typing import Any

import pytest

from console.labels.general import NOTE_VALUES, NOTES
from flows.model.effects import AddToCase, NoteOnCase
from tests.bot.channels.test_no_words import SENT
from tests.support.platform_events import CRY, FROM, OF_THE_BOT, TO_THE_ACCOUNT, raw, typed
from tests.support.talks import Talk

BLANK = ["   ", "\n\t", "\u200b", "\u2060\ufeff", "\u3164", "\u2800 \u00ad", "\U000e0041", "\ufe0f"]
ATTACHED = {"type": "image", "payload": {"url": "https://x.zdn.vn/1"}}
THINGS: list[tuple[str, str, dict[str, Any]]] = [
    *(
        ("telegram", field, {"message": FROM | {"message_id": 11, field: value}})
        for field, (value, _) in sorted(SENT.items())
    ),
    *(
        ("zalo_oa", f"{kind} {what}", {"event_name": f"user_send_{kind}", **TO_THE_ACCOUNT, "message": message})
        for kind in (
            "image",
            "gif",
            "audio",
            "video",
            "sticker",
            "location",
            "business_card",
            "file",
            "link",
            "hologram",
        )
        for what, message in (
            ("empty", {"msg_id": "m11"}),
            ("attached", {"msg_id": "m11", "text": "", "attachments": [ATTACHED]}),
            ("odd", {"msg_id": "m11", "attachments": [{"type": "?", "payload": "?"}]}),
        )
    ),
    *(
        ("zalo_bot", kind, {"event_name": f"message.{kind}.received", "message": OF_THE_BOT | {"message_id": "m11"}})
        for kind in ("image", "photo", "sticker", "voice", "audio", "video", "file", "unsupported", "text", "hologram")
    ),
    *(
        (channel, repr(text), typed(channel, text, 11))
        for channel in ("telegram", "zalo_oa", "zalo_bot")
        for text in BLANK
    ),
]


@pytest.mark.parametrize(
    ("channel", "body"), [(one[0], one[2]) for one in THINGS], ids=[f"{a} {b}" for a, b, _ in THINGS]
)
@pytest.mark.parametrize("human", [False, True], ids=["alone", "beside a human"])
def test_nothing_she_sends_is_a_blank_line(channel: str, body: dict[str, Any], human: bool) -> None:
    """One line, and something to be read or seen in it."""
    talk = Talk(channel)
    talk.hear(raw(typed(channel, CRY), talk.now))
    if human:
        talk.join()
    effects = talk.hear(raw(body, talk.now)).effects
    [line] = [one for one in effects if isinstance(one, AddToCase | NoteOnCase)]
    if isinstance(line, AddToCase):
        assert line.text.strip() or line.media
        assert line.text not in BLANK
    else:
        assert line.key in NOTES
        assert line.value in NOTE_VALUES
        assert line.value != "text", "those are the words about a message that was changed"
