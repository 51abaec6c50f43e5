"""Safety rule 15: a restored backup sends nothing until a human releases it, and resurrects nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from scheduler import send_gate
from store.db.engine import raw
from store.errors import Refused
from store.messages import hold as service_hold
from store.messages.hot_path.outbound import Claim, mark_and_claim
from store.messages.models import Content, Recipient
from store.people import models as people
from tests.support import casework
from tests.support.restore import alive, backed_up, looked, restored, sent
from tests.support.staff import work_of_test
from tests.support.stage import until

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


async def kept_answer(system) -> None:
    """Leave a counsellor's answer that waits for her next word."""
    await system.talk("telegram", "lan", "cuu em voi")
    [case] = await system.cases()
    staff_id, _ = await system.counsellor()
    await system.advance(16 * 60)
    now = system.runtime.clock.now()
    await casework.acknowledge(system.store, now, case.id, staff_id)
    await casework.reply(system.store, now, case.id, staff_id, "Chị đây.", uuid4(), system.runtime.library)

    async def kept() -> bool:
        return await system.count("SELECT count(*) FROM ledger WHERE status = 4 AND reason = 'kept'") == 2

    await until(kept, 5)


async def unsent_reply(system) -> None:
    """Leave a reply that is ready and has not left, as a backup taken at that very moment finds it."""
    async with work_of_test(system.store, system.runtime.clock.now()) as work:
        await service_hold.begin(work, "test")
    await looked(system, 2)
    await system.do("telegram", "mai", "say", text="xin chào")

    async def ready() -> bool:
        return await system.count("SELECT count(*) FROM ledger WHERE status = 0") > 0

    await until(ready, 5)


async def release(system) -> None:
    """End the hold, as the command does."""
    async with work_of_test(system.store, system.runtime.clock.now()) as work:
        await service_hold.release(work)


@pytest.fixture
async def folder(system, tmp_path):
    """A backup with rows that wait to leave."""
    await kept_answer(system)
    await unsent_reply(system)
    return await backed_up(system, tmp_path / "backups")


async def test_nothing_leaves_before_the_release(system, folder, elsewhere, tmp_path) -> None:
    """Rows are ready and deferred, people write and cry: 0 messages leave, everything is taken in and kept."""
    await restored(system, folder, elsewhere)
    async with alive(system, elsewhere, tmp_path / "new") as new:
        assert await new.count("SELECT count(*) FROM ledger WHERE status = 0") > 0
        before = await sent(new)
        await new.do("telegram", "lan", "say", text="1")
        await new.do("zalo_oa", "hoa", "say", text="cứu em với")

        async def stepped() -> bool:
            return await new.count("SELECT count(*) FROM inbox WHERE state = 0") == 0 and len(await new.cases()) == 2

        await until(stepped, 10)
        await looked(new)
        assert await sent(new) == before
        assert await new.inbox("telegram", "lan") == await new.inbox("zalo_oa", "hoa") == []
        assert await new.count("SELECT count(*) FROM ledger WHERE status = 0 AND priority = 0") > 0
        assert any("on hold" in sentence for sentence in new.runtime.alarms)


async def test_after_the_release_the_law_decides(system, folder, elsewhere, tmp_path) -> None:
    """The fresh answer leaves, the kept one follows her `1`, and what became too late never leaves."""
    await restored(system, folder, elsewhere)
    async with alive(system, elsewhere, tmp_path / "new") as new:
        await new.do("zalo_oa", "hoa", "say", text="cứu em với")

        async def cried() -> bool:
            return len(await new.cases()) == 2

        await until(cried, 10)
        await new.advance(17 * 60)
        await new.do("telegram", "lan", "say", text="1")

        async def stepped() -> bool:
            return await new.count("SELECT count(*) FROM inbox WHERE state = 0") == 0 and len(await new.cases()) == 2

        await until(stepped, 10)
        await looked(new, 2)
        assert await new.inbox("telegram", "lan") == []
        await release(new)

        async def answered() -> bool:
            return any("Chị đây." in message["text"] for message in await new.inbox("telegram", "lan"))

        await until(answered, 10)
        await new.quiet()
        assert await new.inbox("zalo_oa", "hoa") == await new.inbox("telegram", "mai") == []
        assert await new.count("SELECT count(*) FROM ledger WHERE status = 6 AND reason = 'too_late'") >= 2
        assert await new.count("SELECT count(*) FROM audit WHERE action = 'house.released'") == 1


async def test_a_service_without_a_hold_or_not_whole_is_not_released(store) -> None:
    """Release refuses where there is nothing to release, and where a restore broke off half-way."""
    async with work_of_test(store, NOW) as work:
        with pytest.raises(Refused, match="not on hold"):
            await service_hold.release(work)
        await service_hold.begin(work, service_hold.RESTORING)
        with pytest.raises(Refused, match="restore again"):
            await service_hold.release(work)


async def test_no_process_can_claim_a_row_during_a_hold(store) -> None:
    """The claim itself looks at the hold: a sender that has not noticed yet gets nothing."""
    row = "INSERT INTO ledger(cause_kind, cause, n, account, recipient, content, priority, not_before, not_after,"
    async with raw(store.data) as conn:
        account = await people.register_account(conn, "zalo", "zalo_oa")
        await conn.execute(f"{row} created_at, changed_at) VALUES (9, 1, 0, $1, 2, 1, 0, $2, $2, $2, $2)", account, NOW)
        async with work_of_test(store, NOW) as work:
            await service_hold.begin(work, "test")
        assert await mark_and_claim(conn, NOW, [], [Claim(account, 9, 2, 9, 1)]) == []
        async with work_of_test(store, NOW) as work:
            await service_hold.release(work)
        assert len(await mark_and_claim(conn, NOW, [], [Claim(account, 9, 2, 9, 1)])) == 1


@pytest.mark.parametrize("recipient", list(Recipient))
def test_the_gate_lets_nothing_leave_during_a_hold(recipient: Recipient) -> None:
    """Whoever it is for, and however late, it waits: held comes before every other rule."""
    for content in Content:
        for after in (timedelta(hours=1), -timedelta(hours=1)):
            letter = send_gate.MessageFacts(recipient, content, 0, NOW + after, NOW, "")
            reader = send_gate.RecipientFacts(NOW)
            assert send_gate.decide(letter, reader, NOW, lambda _: False, held=True) == send_gate.Defer(NOW, "held")
