"""Safety rule 8: no false promise, no pretence of being a person, no claim of a deletion that did not happen."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.support import casework, content
from tests.support.stage import until

LIES = (
    "đang kết nối",
    "bí mật tuyệt đối",
    "an toàn tuyệt đối",
    "giải cứu bạn",
    "đã xóa tin",
    "connecting you",
    "absolute secrecy",
    "completely safe",
    "we will rescue",
    "was deleted",
)


def test_no_card_promises_what_nobody_can_keep() -> None:
    """Over every card in every language."""
    library = content.library()
    texts = [(name, lang, card.text.lower()) for name, by in library.cards.items() for lang, card in by.items()]
    assert len(texts) > 100
    assert [(name, lang) for name, lang, text in texts if any(lie in text for lie in LIES)] == []


async def test_the_first_words_say_that_a_machine_answers(system) -> None:
    """The greeting says that answers are automatic (Law 134/2025/QH15 asks for it too)."""
    [greeting, *_] = await system.talk("zalo_oa", "lan", "xin chào")
    assert "trả lời tự động" in greeting["text"]


@pytest.mark.parametrize(("words", "lang"), [("cuu em voi", "không phải máy"), ("help me please", "")])
async def test_a_human_is_announced_once_by_alias(system, words: str, lang: str) -> None:
    """The first answer of a counsellor is preceded by one line: who writes, and that it is a person."""
    await system.talk("telegram", "lan", words)
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    now, library = system.runtime.clock.now(), system.runtime.library
    await casework.acknowledge(system.store, now, case.id, staff_id)
    for answer in ("Chị đây.", "Em nói đi."):
        await casework.reply(system.store, now, case.id, staff_id, answer, uuid4(), library)

    async def arrived() -> list[str]:
        texts = [m["text"] for m in await system.inbox("telegram", "lan")]
        return texts if texts[-1] == "Em nói đi." else []

    texts = await until(arrived, 5)
    announced = [text for text in texts if "Hoa Ban" in text]
    assert len(announced) == 1
    assert lang in announced[0]
    assert texts.index(announced[0]) == texts.index("Chị đây.") - 1
