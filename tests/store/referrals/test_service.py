"""Handing her on: only what she said yes to, by two people, never against her no, and a receipt."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from content.directory.referrals import referral as rules
from flows.model import effects
from scheduler.jobs.dispatch import due_once
from store.cases import readers as case_readers
from store.cases.models import case_file
from store.db.engine import raw
from store.effects import apply
from store.effects.base import EffectRequest
from store.errors import Refused
from store.referrals import service as referrals
from store.referrals.service import ReferralDuty
from store.unit_of_work import BOT, unit_of_work
from tests.support import casework
from tests.support.referrals import SERVICE, ReferralSetup, taken
from tests.support.system import System


@pytest.fixture
async def at(system: System) -> ReferralSetup:
    """A case that Hoa Ban has; Hoa Sen reads it too."""
    return await taken(system)


async def test_she_is_asked_about_one_service_and_its_fields_and_her_yes_is_kept(
    at: ReferralSetup,
) -> None:
    """The question names whom and what; `401` is her yes, and stands among her consents for this very service."""
    key = uuid4()
    await at.ask("needs", "place", key=key)
    await at.ask("needs", "place", key=key)
    asked = (await at.system.inbox("zalo_oa", "lan"))[-1]["text"]
    for words in (
        "Ngôi nhà Bình yên",
        "bạn đang ở tỉnh nào hay nước nào; điều bạn cần",
        "Trả lời 401 (hay “đồng ý”) là đồng ý, 402 (hay “không”) là không",
    ):
        assert words in asked
    assert [(one.state, one.fields) for one in await at.rows()] == [("asked", ("place", "needs"))]
    await at.says("401")
    [one] = await at.rows()
    assert (one.state, one.answered_at is not None) == ("agreed", True)
    assert await at.consents() == [("C3:vn.peacehouse", True)]
    assert await at.system.count("SELECT count(*) FROM consent WHERE version = 'referral.ask.vi.2'") == 1


async def test_her_no_is_a_no_and_nothing_can_leave(at: ReferralSetup) -> None:
    """Nobody can confirm or hand over what she declined; it is kept as her no, in whatever dress."""
    for words in ("402", "502.", "602 ạ", "em chọn số 702 chị ạ", "dạ 802, cảm ơn chị"):
        await at.ask()
        await at.says(words)
        one = (await at.rows())[0]
        assert one.state == "declined", words
        with pytest.raises(Refused):
            await at.confirm(one.id)
        with pytest.raises(Refused):
            await at.hand(one.id)
    assert await at.consents() == [("C3:vn.peacehouse", False)] * 5


async def test_what_is_no_answer_changes_nothing_and_two_questions_do_not_mix(at: ReferralSetup) -> None:
    """Other words, other numbers, and the digits inside a sentence are her words; each question has its own pair."""
    await at.ask()
    await at.ask("age", service="vn.111")
    for words in ("em đồng ý", "có", "số 401 đường Láng", "41", "403", "1"):
        await at.says(words)
    assert {one.state for one in await at.rows()} == {"asked"}
    await at.says("501")
    assert {one.service: one.state for one in await at.rows()} == {SERVICE: "asked", "vn.111": "agreed"}


async def test_an_answer_that_may_be_anothers_is_no_consent(at: ReferralSetup) -> None:
    """Behind the cover of her own words, and after her word for danger, `401` is read and recorded nowhere."""
    await at.ask()
    async with at.store.data.connect() as conn:
        case = (await conn.execute(select(case_file))).one()
    async with raw(at.store.keyring) as ring:
        key = await at.store.ring.key_of(ring, case.person_id)
    library = at.system.runtime.library
    for n, behind in enumerate(("cover", "")):
        if not behind:
            async with at.store.data.begin() as conn:
                await conn.execute(case_file.update().values(flags=["duress"]))
        words = effects.AddToCase("401", behind=behind)
        act = EffectRequest(9_000 + n, 0, case.person_id, key, case.account, at.now, words, (), library, "text")
        async with unit_of_work(at.store, at.now, BOT) as work:
            await apply.apply_effects(work, [act])
        assert [one.state for one in await at.rows()] == ["asked"], behind
    assert await at.consents() == []
    with pytest.raises(Refused):
        await at.ask("age")


async def test_a_yes_taken_back_blocks_and_after_the_handing_over_calls_a_human(at: ReferralSetup) -> None:
    """Before: withdrawn, nothing leaves any more. After: it stays handed, and somebody tells the service."""
    first = await at.confirmed()
    await at.says("402")
    assert (await at.rows())[0].state == "withdrawn"
    with pytest.raises(Refused):
        await at.hand(first)
    await at.ask()
    await at.says("501")
    second = (await at.rows())[0].id
    await at.confirm(second)
    await at.hand(second)
    await at.says("502")
    assert (await at.rows())[0].blocked
    with pytest.raises(Refused):
        await at.hand(second)
    assert await at.system.count("SELECT count(*) FROM task WHERE kind = 'receipt' AND reason = 'taken_back'") == 1
    assert await at.consents() == [("C3:vn.peacehouse", given) for given in (True, False, True, False)]
    await at.says("401")
    assert [one.state for one in await at.rows()] == ["handed", "withdrawn"]


async def test_rule_14_two_people_and_rule_11_only_readers(at: ReferralSetup) -> None:
    """Neither she who asked nor she who has the case confirms, nor who does not read it; nobody hands on alone."""
    await at.ask()
    await at.says("401")
    [one] = await at.rows()
    with pytest.raises(Refused):
        await at.hand(one.id)
    stranger, _ = await at.system.counsellor("hoamai")
    for who in (at.hoaban, stranger, uuid4()):
        with pytest.raises(Refused):
            await at.confirm(one.id, who)
    await at.confirm(one.id)
    with pytest.raises(Refused):
        async with at.work(at.hoasen) as work:
            await referrals.hand(work, at.case, one.id, "sheet")
    await at.hand(one.id)
    async with at.store.data.begin() as conn:
        await case_readers.shut_out(conn, at.now, at.case, at.hoasen)
    await at.ask("age")
    await at.says("501")
    with pytest.raises(Refused):
        await at.confirm((await at.rows())[0].id)


async def test_without_asking_only_the_duty_for_a_child_and_a_life_she_said_yes_to(at: ReferralSetup) -> None:
    """111 for a child under sixteen; rescue at level 4 after C6; no other service, no other case, never her number."""

    async def duty(service: str, basis: str) -> None:
        async with at.work(at.hoaban) as work:
            await referrals.without_asking(work, at.case, ReferralDuty(uuid4(), service, basis))

    for service, basis in (("vn.111", "child"), ("vn.111", "life"), (SERVICE, "child"), ("vn.111", "consent")):
        with pytest.raises(Refused):
            await duty(service, basis)
    library = at.system.runtime.library
    async with at.work(at.hoaban) as work:
        await referrals.ask_for_life(work, at.case, uuid4(), library)
    await at.system.quiet()
    await at.says("401")
    assert await at.consents() == [("C6", True)]
    with pytest.raises(Refused):
        await duty("vn.111", "life")
    async with at.store.data.begin() as conn:
        marks = {"level": 4, "flags": ["under_16"]}
        await conn.execute(case_file.update().values(marks))
    await duty("vn.consular", "life")
    await duty("vn.111", "child")
    prepared = [one for one in await at.rows() if one.service]
    assert [(one.basis, one.state) for one in prepared] == [("child", "agreed"), ("life", "agreed")]
    assert all("number" not in one.fields for one in prepared)
    with pytest.raises(Refused):
        await at.hand(prepared[0].id)


async def test_a_receipt_is_asked_for_when_none_has_come(at: ReferralSetup) -> None:
    """A day later a human is asked; with a receipt written down nobody is. Who took it is a sealed line."""
    first = await at.confirmed()
    await at.hand(first)
    await at.ask("age")
    await at.says("501")
    second = (await at.rows())[0].id
    await at.confirm(second)
    await at.hand(second, "file")
    async with at.work(at.hoaban) as work:
        await referrals.receipt(work, at.case, second, "chị trực  Ngôi nhà Bình yên")
    with pytest.raises(Refused):
        async with at.work(at.hoaban) as work:
            await referrals.receipt(work, at.case, second, "ai đó")
    late = at.now + timedelta(hours=rules().receipt_within, minutes=1)
    while await due_once(at.store, at.system.runtime.library, late):
        pass
    query = "SELECT count(*) FROM task WHERE kind = 'receipt'"
    assert await at.system.count(f"{query} AND reason = 'no_receipt'") == await at.system.count(query) == 1
    _, private = await at.system.counsellor("hoaban")
    view = await casework.read(at.store, at.now, at.case, at.hoaban, private)
    assert any(line.direction == "private" and "chị trực Ngôi nhà" in line.text for line in view.lines)


@pytest.mark.parametrize(
    ("said", "state", "shown"),
    [("dạ em đồng ý", "agreed", "đồng ý cho bên mình nói với"), ("không ạ", "declined", "không đồng ý nói với")],
)
async def test_her_words_answer_the_question_that_reached_her_last(
    at: ReferralSetup, said: str, state: str, shown: str
) -> None:
    """She need not know a number: her plain yes or no is kept as one would be, and what was noted is said at once."""
    await at.ask()
    await at.says(said)
    [row] = await at.rows()
    assert row.state == state
    await at.system.quiet()
    assert shown in (await at.system.inbox("zalo_oa", "lan"))[-1]["text"]
    assert await at.consents() == [(f"C3:{SERVICE}", state == "agreed")]


async def test_words_answer_no_question_that_staff_wrote_something_after(at: ReferralSetup) -> None:
    """Her yes may be to that: a human reads it, the table does not."""
    await at.ask()
    await casework.reply(at.store, at.now, at.case, at.hoaban, "Em ăn cơm chưa?", uuid4(), at.system.runtime.library)
    await at.system.quiet()
    await at.says("có ạ")
    [row] = await at.rows()
    assert row.state == "asked"


async def test_words_answer_no_question_that_has_not_reached_her(at: ReferralSetup) -> None:
    """The question is kept for her silence: what she writes then answers something else."""
    await at.system.advance(20 * 60)
    await at.ask()
    await at.says("có ạ")
    [row] = await at.rows()
    assert row.state == "asked"
