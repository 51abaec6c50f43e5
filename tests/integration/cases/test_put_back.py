"""A case put back after a human wrote: nothing leaves then, and her next message is answered with who has left."""

from __future__ import annotations

from uuid import uuid4

import pytest

from store.casework import release
from store.unit_of_work import member_actor, unit_of_work
from tests.integration.cases.test_closing import CHANNELS, LEFT, _send
from tests.support import casework


@CHANNELS
@pytest.mark.parametrize("wrote", [True, False])
async def test_next_answer_begins_with_who_has_left(system, channel: str, wrote: bool) -> None:
    """Only where a human had written to her; once; and the words go to whoever takes the case."""
    await system.talk(channel, "lan", "cuu em voi")
    [case] = await system.cases()
    hoaban, _ = await system.counsellor()
    now, library = system.runtime.clock.now(), system.runtime.library
    assert await casework.acknowledge(system.store, now, case.id, hoaban)
    if wrote:
        await casework.reply(system.store, now, case.id, hoaban, "Chị đây.", uuid4(), library)
    await system.quiet()
    shown = await system.inbox(channel, "lan")
    async with unit_of_work(system.store, now, member_actor(hoaban)) as work:
        await release.put_back(work, case.id)
    await system.quiet()
    assert await system.inbox(channel, "lan") == shown
    told = [await _send(system, channel, text) for text in ("menu", "em vẫn ở đây")]
    assert [any(one.startswith(LEFT) for one in answer) for answer in told] == [wrote, False]
    assert [one.id for one in await system.cases()] == [case.id]
