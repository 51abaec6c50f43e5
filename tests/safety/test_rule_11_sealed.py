"""Safety rule 11: case texts open for those who read cases and the recovery key, and for nobody else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from store.cases import keys as case_keys
from store.cases import models as case_models
from store.cases.lines import open_line
from store.cases.models import LineRow
from store.crypto import hpke
from store.errors import Refused, Sealed
from store.staff import vault
from store.staff.models import NewMember, create_staff, staff
from tests.support import casework
from tests.support.staff import shut_out, work_of_test
from tests.support.stage import until


async def test_everyone_who_reads_cases_reads_and_nobody_else(system) -> None:
    """Whoever acknowledges can read; an administrator and commune staff cannot; every reading is recorded."""
    await system.talk("telegram", "lan", "cứu em với, em ở đây")
    [case] = await system.cases()
    now = system.runtime.clock.now()
    for login in ("hoaban", "hoasen", "hoadao"):
        staff_id, private = await system.counsellor(login)
        view = await casework.read(system.store, now, case.id, staff_id, private)
        assert "cứu em với, em ở đây" in [line.text for line in view.lines]
    for login in ("quantri", "nasang"):
        staff_id, private = await system.counsellor(login)
        with pytest.raises(Refused):
            await casework.read(system.store, now, case.id, staff_id, private)
    assert await system.count("SELECT count(*) FROM audit WHERE action = 'case.read'") == 3


async def test_one_counsellors_copy_does_not_open_with_anothers_key(system) -> None:
    """A copy of a case key is for one reader."""
    await system.talk("telegram", "lan", "cuu em voi")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor("hoaban")
    _, private_of_hoasen = await system.counsellor("hoasen")
    with pytest.raises(Sealed):
        await casework.read(system.store, system.runtime.clock.now(), case.id, hoaban, private_of_hoasen)


async def test_the_offline_recovery_key_opens_a_case(system, tmp_path) -> None:
    """With the recovery key from its safe and the keyring, a case can be read when no counsellor is left."""
    await system.talk("telegram", "lan", "cuu em voi")
    private = (system.runtime.settings.keys_dir / "recovery.private").read_bytes()
    assert hpke.public_of(private) == system.store.keys.recovery_public
    async with system.store.data.connect() as conn:
        case = (await conn.execute(case_models.case_file.select())).one()
        lines = [LineRow(*row) for row in await conn.execute(case_models.case_line.select())]
    now = system.runtime.clock.now()
    opened = await casework.open_keys(system.store, now, case.id, case_keys.RECOVERY, private)
    assert "cuu em voi" in [open_line(opened[line.epoch], line) for line in lines]


async def test_an_answer_needs_the_case(system) -> None:
    """Only the counsellor who has the case can answer or close it, and a repeated request is one answer."""
    await system.talk("telegram", "lan", "cuu em voi")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor("hoaban")
    hoasen, _ = await system.counsellor("hoasen")
    now, library = system.runtime.clock.now(), system.runtime.library
    assert await casework.acknowledge(system.store, now, case.id, hoaban)
    assert not await casework.acknowledge(system.store, now, case.id, hoasen)
    with pytest.raises(Refused):
        await casework.reply(system.store, now, case.id, hoasen, "Chị đây.", uuid4(), library)
    with pytest.raises(Refused):
        await casework.close(system.store, now, system.runtime.library, case.id, hoasen, "done")
    request = uuid4()
    for _ in range(3):
        await casework.reply(system.store, now, case.id, hoaban, "Chị đây.", request, library)
    await system.quiet()
    shown = [m for m in await system.inbox("telegram", "lan") if m["text"] == "Chị đây."]
    assert len(shown) == 1


async def test_who_joins_can_read_and_who_leaves_cannot(system) -> None:
    """A new counsellor reads on at once, and the past after a colleague looked; one who left reads nothing new."""
    await system.talk("telegram", "lan", "cứu em với")
    [case] = await system.cases()
    store, now = system.store, system.runtime.clock.now()
    hoaban, private = await system.counsellor("hoaban")
    left, private_of_left = await system.counsellor("hoasen")
    async with work_of_test(store, now) as work:
        given = "a long new passphrase"
        joined = await create_staff(work, NewMember("moi", "Mới", ["counsellor"]), given)
        locked = (await work.conn.execute(staff.select().where(staff.c.id == joined))).one().vault
    assert await shut_out(store, now, "hoasen")

    async def followed() -> bool:
        return await system.count("SELECT max(epoch) FROM case_key") > 1

    await until(followed, 10)
    await system.talk("telegram", "lan", "em đang sợ lắm, cứu em")
    private_of_joined = vault.unlock(locked, given)
    view = await casework.read(store, now, case.id, joined, private_of_joined)
    assert [line.text for line in view.lines if line.direction == "in"] == ["em đang sợ lắm, cứu em"]
    await casework.read(store, now, case.id, hoaban, private)
    view = await casework.read(store, now, case.id, joined, private_of_joined)
    assert [line.text for line in view.lines if line.direction == "in"] == ["cứu em với", "em đang sợ lắm, cứu em"]
    view = await casework.read(store, now, case.id, left, private_of_left)
    assert "em đang sợ lắm, cứu em" not in [line.text for line in view.lines]
    assert view.unread > 0
