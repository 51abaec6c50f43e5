"""Safety rule 7: what she did not just ask for begins with nothing that betrays her."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from scheduler.send_gate import MessageFacts, RecipientFacts, Send, Withhold, decide
from store.messages.models import Content, Recipient
from tests.support import casework, content
from tests.support.stage import until

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
