"""Staff answer in Zalo's own console: the bot pauses, the console says so, and it does not count as her word."""

from __future__ import annotations

from store.casework import reachability
from tests.support import casework


async def test_the_bot_pauses_and_the_console_says_so(system) -> None:
    """Her next plain words reach the case and get no answer of the bot's; after a quarter of an hour it is back."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    [case] = await system.cases()
    store = system.store
    hoaban, private = await system.counsellor("hoaban")
    async with store.data.connect() as conn:
        before = await reachability.of(conn, case.id)
    await system.advance(120)
    await system.do("zalo_oa", "lan", "staff", text="Chị là người của Hội đây")
    await system.quiet()
    async with store.data.connect() as conn:
        after = await reachability.of(conn, case.id)
    assert after.console_at is not None
    assert after.last_in_at == before.last_in_at, "a colleague's words are not hers: she may be gone"
    view = await casework.read(store, system.runtime.clock.now(), case.id, hoaban, private)
    assert "console=spoke" in [line.text for line in view.lines if line.direction == "note"]
    shown = len(await system.inbox("zalo_oa", "lan"))
    await system.do("zalo_oa", "lan", "say", text="dạ em nghe chị")
    await system.quiet()
    assert len(await system.inbox("zalo_oa", "lan")) == shown, "the bot speaks over a human"
    view = await casework.read(store, system.runtime.clock.now(), case.id, hoaban, private)
    assert "dạ em nghe chị" in [line.text for line in view.lines if line.direction == "in"]
    await system.advance(16 * 60)
    assert await system.talk("zalo_oa", "lan", "chị ơi")
