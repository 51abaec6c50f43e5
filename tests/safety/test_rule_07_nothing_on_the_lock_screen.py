"""Safety rule 7: what she did not just ask for begins with nothing that betrays her."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from scheduler.send_gate import MessageFacts, RecipientFacts, Send, Withhold, decide
from store.messages.models import Content, Recipient
from tests.support import casework, content
from tests.support.stage import until

TELLING = re.compile(r"\d{3}|chưa có ai|trả lời được|nguy|giúp|cứu|nobody|danger|help|rescue", re.I)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "opening", "leaves"),
    [
        pytest.param(1, "nạn nhân mua bán người", True, id="her screen is still lit"),
        pytest.param(3, "nạn nhân mua bán người", False, id="her screen may be dark"),
        pytest.param(3, "Chào chị, hôm nay trời đẹp.", True, id="a neutral opening"),
        pytest.param(3, "x" * 41 + " nạn nhân", True, id="after the first forty characters"),
    ],
)
def test_a_telling_opening_stays_when_the_screen_may_be_dark(minutes: int, opening: str, leaves: bool) -> None:
    """A relayed message later than two minutes after hers needs a neutral opening."""
    library = content.library()
    message = MessageFacts(Recipient.PERSON, Content.RELAY, 0, NOW + timedelta(hours=1), None, opening)
    reader = RecipientFacts(NOW - timedelta(minutes=minutes))
    decision = decide(message, reader, NOW, lambda text: not library.is_neutral(text))
    assert decision == (Send() if leaves else Withhold("lock_screen"))


async def test_a_counsellors_telling_answer_gets_a_neutral_line_in_front(system) -> None:
    """Three minutes after her message the answer arrives behind a neutral opening, and the preview shows only that."""
    await system.talk("telegram", "lan", "cuu em voi")
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    await system.advance(180)
    now = system.runtime.clock.now()
    await casework.acknowledge(system.store, now, case.id, staff_id)
    words = "Nạn nhân mua bán người có quyền được giúp."
    await casework.reply(system.store, now, case.id, staff_id, words, uuid4(), system.runtime.library)

    async def arrived() -> list[str]:
        return [m["text"] for m in await system.inbox("telegram", "lan") if words in m["text"]]

    [shown] = await until(arrived, 5)
    assert system.runtime.library.is_neutral(shown)


def test_nothing_that_we_begin_tells_more_than_a_greeting_in_its_first_forty_characters() -> None:
    """What leaves on a dark screen: that nobody has come, the nudge, a counsellor's opener, every greeting."""
    library = content.library()
    ours = ["unanswered_still", "relay.knock", "relay.opener", *library.shelf("check_in_cover")]
    for lang in ("vi", "en"):
        openings = {name: library.say(name, lang).text[:40] for name in ours}
        for place in ("", "vn", "abroad", "abroad:KH"):
            openings[f"unanswered {place}"] = library.unanswered(place, lang, NOW, "").text[:40]
        for name, opening in openings.items():
            assert library.is_neutral(opening), name
            assert not TELLING.search(opening), (name, opening)
