"""Her two words at the desk: told how to agree on them, typed once, shown and recorded nowhere."""

from __future__ import annotations

import logging
import re

import pytest
from sqlalchemy import select

from content.directory.refusals import refusal_labels
from flows.parsing.code_words import folded
from store.audit import audit
from store.messages.models import ledger
from store.own_words.service import AgreedWords
from store.people.models import consent
from store.refusals import Refusal
from tests.support.canaries import forms
from tests.support.console_room import Room

FIRST, SECOND = "đèn dầu hỏa", "chuông gió xanh"
TYPED = {"first_word": FIRST, "second_word": SECOND, "agreed": "yes"}
SECRET = forms(FIRST) | forms(SECOND) | forms(folded(FIRST)) | forms(folded(SECOND))


async def test_both_words_are_kept_and_stand_nowhere(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """Typed twice over: in no answer, log, record or row; one yes to C5 and an act each time, and nothing leaves."""
    caplog.set_level(logging.DEBUG)
    await room.hire("hoaban")
    case = await room.person()
    page = f"/console/cases/{case}/words"
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        before = await browser.get(page)
        assert before.text.count("<dd>chưa có</dd>") == 2
        for _ in range(2):
            kept = await browser.post(page, data=TYPED, follow_redirects=True)
            assert (kept.status_code, kept.text.count("<dd>đã lưu</dd>")) == (200, 2)
        case_page = await browser.get(f"/console/cases/{case}")
    seen = "\n".join((before.text, kept.text, case_page.text, caplog.text)).encode()
    assert not [form for form in SECRET if form in seen]
    async with room.store.data.connect() as conn:
        acts = (await conn.execute(select(audit.c.meta).where(audit.c.action == "case.words"))).scalars().all()
        yes = (await conn.execute(select(consent.c.purpose, consent.c.version, consent.c.given))).all()
        assert (await conn.execute(select(ledger.c.id))).all() == []
    assert acts == [{"way": "spoken"}, {"way": "spoken"}]
    assert set(map(tuple, yes)) == {("C5", "spoken", True)}
    assert await everything(room) & SECRET == set()


async def everything(room: Room) -> set[bytes]:
    """Which of the secrets stand in any row of the data."""
    async with room.store.data.connect() as conn:
        tables = (await conn.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        rows = [
            row
            for table in tables.all()
            for row in (await conn.exec_driver_sql(f'SELECT t::text FROM "{table}" t')).scalars()
        ]
    whole = "\n".join(rows).encode()
    assert len(rows) > 10
    return {form for form in SECRET if form in whole}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"agreed": ""}, Refusal.OWN_WORDS_NOT_AGREED),
        ({"first_word": ""}, Refusal.OWN_WORD_UNUSABLE),
        ({"first_word": "cứu em với"}, Refusal.OWN_WORD_UNUSABLE),
        ({"second_word": "không"}, Refusal.OWN_WORD_UNUSABLE),
        ({"second_word": "Dạ đen dau hoa ạ"}, Refusal.OWN_WORDS_ALIKE),
        ({"second_word": "DEN DAU HOA"}, Refusal.OWN_WORDS_ALIKE),
        ({"second_word": "Quả na"}, Refusal.OWN_WORD_LISTED),
        ({"second_word": "custard apple"}, Refusal.OWN_WORD_LISTED),
    ],
)
async def test_what_cannot_be_a_word_is_refused_and_not_repeated(
    room: Room, change: dict[str, str], refusal: Refusal
) -> None:
    """The reason and the way out; both fields come back empty, and nothing is kept."""
    await room.hire("hoaban")
    case = await room.person()
    page = f"/console/cases/{case}/words"
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        answer = await browser.post(page, data=TYPED | change)
        assert answer.status_code == 422
        assert refusal_labels()[refusal]["vi"] in answer.text
        typed = [value for value in (TYPED | change).values() if " " in value]
        assert not [value for value in typed if f'"{value}"' in answer.text or f">{value}<" in answer.text]
        assert (await browser.get(page)).text.count("<dd>chưa có</dd>") == 2


async def test_only_whoever_has_the_case_types_them_and_a_stale_page_repeats_nothing(room: Room) -> None:
    """A colleague, nobody yet, a case that was handed on meanwhile: refused, and what was typed is on no page."""
    await room.hire("hoaban", "hoasen")
    case = await room.person()
    page = f"/console/cases/{case}/words"
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        assert (await browser.get(page)).status_code == 409
        await browser.post(f"/console/cases/{case}/take")
        for answer in (await colleague.get(page), await colleague.post(page, data=TYPED)):
            assert answer.status_code == 409
            assert not [form for form in SECRET if form in answer.text.encode()]
        assert (await browser.get(page)).text.count("<dd>chưa có</dd>") == 2


async def test_the_page_alone_says_what_the_second_is_for(room: Room) -> None:
    """Hidden fields that no browser fills in or keeps, a button to look at them, and how both are agreed aloud."""
    await room.hire("hoaban")
    case = await room.person()
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        text = (await browser.get(f"/console/cases/{case}/words")).text
        assert "có người ép nhắn" in text
        fields = re.findall(r'<input [^>]*type="password"[^>]*>', text)
        assert len(fields) == 2
        assert all('autocomplete="off"' in field and "value=" not in field for field in fields)
        assert "reveal.js" in text
        assert f'href="/console/cases/{case}/words"' in (await browser.get(f"/console/cases/{case}")).text


def test_words_are_not_told_by_what_holds_them() -> None:
    """A traceback or a log of the struct names neither."""
    assert "đèn" not in repr(AgreedWords(FIRST, SECOND))
    assert not any(word in f"{AgreedWords(FIRST, SECOND)}" for word in (FIRST, SECOND))
