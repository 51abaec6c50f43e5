"""A group's chat: bound once by its code, deaf to everything else, and told a card by day only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from content.zone import VIETNAM
from flows.model.effects import BROADCAST
from flows.model.messages import Shown
from store import audit
from store.broadcasts import models as broadcast_models
from store.casework import task_list
from store.crypto.invite_codes import code_tag
from store.groups import models as groups_models
from store.groups.chats import open_address
from store.messages.models import Cause, Content, Recipient, Status, ledger
from tests.support.stage import until

CODE = "NC-7KQF-2M9X"
NOBODY = "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM session) + (SELECT count(*) FROM ledger) + "
NOBODY += "(SELECT count(*) FROM case_file)"
CARD = Shown("Tuần này: cách kiểm tra một lời mời đi làm xa.")


async def village(system: Any, uses: int | None = 1, kind: str = groups_models.CHAT, hours: int = 48) -> int:
    """Add a group with one invitation; returns the group's number."""
    now = system.runtime.clock.now()
    async with system.store.data.begin() as conn:
        place = {"title": "Tổ 13", "area": "vn-11-03172", "created_at": now}
        number: int = (
            await conn.execute(
                insert(groups_models.village_group).values(place).returning(groups_models.village_group.c.id)
            )
        ).scalar_one()
        await conn.execute(
            insert(groups_models.invitation).values(
                group_id=number,
                kind=kind,
                code_tag=code_tag(system.store.keys.index, CODE),
                uses_left=uses,
                expires_at=now + timedelta(hours=hours),
                created_at=now,
            )
        )
    return number


async def say(system: Any, group: str, text: str) -> None:
    """Let somebody write in a group, and wait until the service has dealt with it."""
    before = await system.count("SELECT count(*) FROM inbox")
    await system.do("telegram", "lan", "group_say", group=group, text=text)

    async def heard() -> bool:
        return await system.count("SELECT count(*) FROM inbox") > before

    await until(heard, 10)
    await system.quiet()


async def chats(system: Any) -> list[Any]:
    """The chats that are bound."""
    async with system.store.data.connect() as conn:
        return list(await conn.execute(select(groups_models.group_chat).order_by(groups_models.group_chat.c.id)))


async def test_a_code_binds_the_chat_once(system) -> None:
    """The first chat is bound, sealed and audited; the second that uses a spent code is not; nobody is answered."""
    number = await village(system)
    await say(system, "to-13", f"/start@nhip_cau_1_bot {CODE.lower()}")
    await say(system, "strangers", CODE)
    (chat,) = await chats(system)
    assert (chat.group_id, chat.active) == (number, True)
    address = system.world.phone("telegram_group", "to-13").address
    assert open_address(system.store.keys, chat.account, chat.address_ct) == address
    assert address.encode() not in chat.address_ct + chat.bidx
    async with system.store.data.connect() as conn:
        bound = [entry for entry in await audit.page(conn) if entry.action == "group.chat_bound"]
    assert [(entry.actor, entry.object, entry.meta) for entry in bound] == [("bot", str(number), {})]
    assert await system.inbox("telegram_group", "to-13") == []
    assert await system.inbox("telegram_group", "strangers") == []
    assert await system.count(NOBODY) == 0


async def test_a_chat_bound_again_is_the_same_chat(system) -> None:
    """A code of two uses written twice in one chat, once while the chat was set aside, leaves one active chat."""
    await village(system, uses=2)
    await say(system, "to-13", CODE)
    async with system.store.data.begin() as conn:
        await conn.execute(update(groups_models.group_chat).values(active=False))
    await say(system, "to-13", CODE)
    assert [chat.active for chat in await chats(system)] == [True]
    assert await system.count("SELECT uses_left FROM invitation") == 0


@pytest.mark.parametrize(
    "wrong", [{"kind": groups_models.MEMBER}, {"hours": -1}, {"uses": 0}], ids=["kind", "late", "spent"]
)
async def test_a_code_that_invites_no_chat_binds_none(system, wrong: dict[str, Any]) -> None:
    """A member's code, an expired one and a spent one are refused in silence."""
    await village(system, **wrong)
    await say(system, "to-13", CODE)
    assert await chats(system) == []
    assert await system.count("SELECT count(*) FROM inbox WHERE state <> 1") == 0
    assert await system.count(NOBODY) == 0


@pytest.mark.parametrize("text", ["chào cả nhà", "cứu em với", "menu", f"mã: {CODE}", "NC-9999-9999"])
async def test_talk_in_a_group_leaves_no_trace(system, text: str) -> None:
    """Whatever is said there makes no person, session, message or case, and its event is done and emptied."""
    await village(system)
    await say(system, "to-13", text)
    assert await system.count(NOBODY) == 0
    assert await system.count("SELECT count(*) FROM inbox WHERE state = 1 AND sealed IS NULL") == 1
    assert await chats(system) == []


async def test_a_code_and_a_cry_in_one_batch_are_both_served(system) -> None:
    """Binding a chat neither delays nor swallows what a person wrote at the same moment."""
    await village(system)
    await system.do("telegram", "lan", "group_say", group="to-13", text=CODE)
    await system.talk("telegram", "mai", "cuu em voi")
    assert len(await chats(system)) == 1
    assert len(await system.cases()) == 1
    assert await system.count("SELECT count(*) FROM person") == 1


async def to_hour(system: Any, hour: int) -> None:
    """Move every clock to the next time it is `hour` o'clock in Viet Nam."""
    now: datetime = system.runtime.clock.now().astimezone(VIETNAM)
    then = now.replace(hour=hour, minute=0, second=0)
    await system.advance(((then - now) % timedelta(days=1)).total_seconds())


async def send_card(system: Any, group: int) -> None:
    """Put an approved card for a group's chat into the ledger."""
    now, shown = system.runtime.clock.now(), {(broadcast_models.IN_A_CHAT, "vi"): CARD}
    (chat,) = await chats(system)
    author, _ = await system.counsellor()
    async with system.store.data.begin() as conn:
        card = {"group_id": group, "card": "leave.prepared", "state": broadcast_models.SENDING, "proposed_at": now}
        card |= {"digest": broadcast_models.digest_of("leave.prepared", group, shown), "author_staff": author}
        number = (
            await conn.execute(
                insert(broadcast_models.broadcast).values(card).returning(broadcast_models.broadcast.c.id)
            )
        ).scalar_one()
        said = {
            "broadcast_id": number,
            "channel": broadcast_models.IN_A_CHAT,
            "lang": "vi",
            "shown": broadcast_models.pack(CARD),
        }
        await conn.execute(insert(broadcast_models.broadcast_text).values(said))
        await conn.execute(
            insert(ledger).values(
                cause_kind=Cause.BROADCAST,
                cause=number,
                n=0,
                account=chat.account,
                recipient=Recipient.GROUP,
                chat_id=chat.id,
                content=Content.BROADCAST,
                priority=BROADCAST,
                not_before=now,
                not_after=now + timedelta(days=2),
                created_at=now,
                changed_at=now,
            )
        )
    system.application.sender.wake()


async def received(system: Any) -> list[str]:
    """What the group was told."""
    return [message["text"] for message in await system.inbox("telegram_group", "to-13")]


async def bound(system: Any, hour: int) -> int:
    """A group whose chat is bound, at this hour of Viet Nam."""
    await to_hour(system, hour)
    number = await village(system)
    await say(system, "to-13", CODE)
    return number


async def test_a_card_reaches_the_group_by_day(system) -> None:
    """It arrives once, in the group and nowhere else."""
    await send_card(system, await bound(system, 10))

    async def arrived() -> bool:
        return bool(await received(system))

    await until(arrived, 10)
    await system.quiet()
    assert await received(system) == [CARD.text]
    assert await system.inbox("telegram", "lan") == []


async def test_a_card_waits_for_the_morning(system) -> None:
    """At night the row is deferred, and the card arrives when the day begins."""
    await send_card(system, await bound(system, 23))

    async def waits() -> bool:
        return await system.count(f"SELECT count(*) FROM ledger WHERE status = {Status.DEFERRED:d}") == 1

    await until(waits, 10)
    assert await received(system) == []
    await to_hour(system, 10)

    async def arrived() -> bool:
        return bool(await received(system))

    await until(arrived, 10)
    assert await received(system) == [CARD.text]


async def test_one_group_that_asks_for_patience_waits_alone(system) -> None:
    """A 429 for the group delays its card and nobody's answer."""
    group = await bound(system, 10)
    busy = {"channel": "telegram", "user": "to-13", "kind": "429", "retry_after": 30}
    async with system.http.post(f"{system.base}/__sim/faults", json=[busy]) as answer:
        answer.raise_for_status()
    await send_card(system, group)

    async def waits() -> bool:
        return await system.count(f"SELECT count(*) FROM ledger WHERE status = {Status.DEFERRED:d}") == 1

    await until(waits, 10)
    assert await system.talk("telegram", "mai", "xin chào")
    assert await received(system) == []
    await system.advance(31)

    async def arrived() -> bool:
        return bool(await received(system))

    await until(arrived, 10)


async def happen(system: Any, act: str) -> None:
    """Let something happen to the group, and wait until the service has heard of it."""
    await system.do("telegram_group", "to-13", act)
    await system.quiet()


async def test_a_group_that_becomes_a_supergroup_keeps_its_chat(system) -> None:
    """Its id is another one; the next card arrives there, and the same chat is bound, once, under the new id."""
    group = await bound(system, 10)
    [before] = await chats(system)
    await happen(system, "upgrade")
    [chat] = await chats(system)
    address = system.world.phone("telegram_group", "to-13").address
    assert open_address(system.store.keys, chat.account, chat.address_ct) == address
    assert (chat.id, chat.group_id, chat.active) == (before.id, group, True)
    assert chat.bidx != before.bidx
    await send_card(system, group)
    await system.quiet()
    assert await received(system) == [CARD.text]
    async with system.store.data.connect() as conn:
        moved = [entry for entry in await audit.page(conn) if entry.action == "group.chat_moved"]
    assert [(entry.actor, entry.object) for entry in moved] == [("bot", str(group))]


async def test_a_group_is_followed_though_nobody_told_of_its_move(system) -> None:
    """Telegram's refusal of the old id names the new one: what was on its way is not lost."""
    group = await bound(system, 10)
    system.world.telegram.updates.allowed = ["callback_query"]
    await happen(system, "upgrade")
    await send_card(system, group)
    await system.quiet()
    assert await received(system) == [CARD.text]


async def test_a_chat_that_was_bound_anew_before_its_move_was_heard_of_is_one_chat(system) -> None:
    """The code was written in the supergroup first: the old id is bound no more, and a card arrives once."""
    await village(system, uses=2)
    await say(system, "to-13", CODE)
    updates = system.world.telegram.updates
    heard, updates.allowed = updates.allowed, ["callback_query"]
    old = system.world.phone("telegram_group", "to-13").address
    await happen(system, "upgrade")
    updates.allowed = heard
    await say(system, "to-13", CODE)
    phone = system.world.phone("telegram_group", "to-13")
    chat = system.world.telegram.chat(phone)
    said = {
        "message_id": 9,
        "date": int(system.world.now().timestamp()),
        "chat": chat,
        "migrate_from_chat_id": int(old),
    }
    updates.put(phone.address, "to-13", "message", said)
    await system.quiet()
    assert [chat.active for chat in await chats(system)] == [False, True]


async def test_staff_hear_that_a_group_has_put_the_bot_out(system) -> None:
    """A task for a person, once; nothing is planned for the chat any more, until its code is written again."""
    await village(system, uses=2)
    await say(system, "to-13", CODE)
    await happen(system, "remove")
    assert [chat.active for chat in await chats(system)] == [False]
    async with system.store.data.connect() as conn:
        [told] = await task_list.open_tasks(conn)
    assert (told.kind, told.reason, told.alias) == ("group", "group.left", "Tổ 13")
    system.world.phone("telegram_group", "to-13").blocked = False
    await say(system, "to-13", CODE)
    assert [chat.active for chat in await chats(system)] == [True]


async def tasks(system: Any) -> list[tuple[str, str, str]]:
    """What waits for a person: kind, reason, whose."""
    async with system.store.data.connect() as conn:
        return [(task.kind, task.reason, task.alias) for task in await task_list.open_tasks(conn)]


async def test_staff_hear_that_a_group_has_muted_the_bot(system) -> None:
    """One task however often it is told; the chat stays bound, and gets its cards again when it is allowed to."""
    group = await bound(system, 10)
    await happen(system, "mute")
    await happen(system, "mute")
    muted = ("group", "group.muted", "Tổ 13")
    assert await tasks(system) == [muted]
    assert [chat.active for chat in await chats(system)] == [True]
    system.world.phone("telegram_group", "to-13").muted = False
    await send_card(system, group)
    await system.quiet()
    assert await received(system) == [CARD.text]
    assert await tasks(system) == [muted]


async def test_staff_hear_of_a_card_that_a_group_did_not_take_though_nobody_told_of_it(system) -> None:
    """The rights of a whole group may change without a word to the bot: the refusal of the card is what tells."""
    group = await bound(system, 10)
    system.world.phone("telegram_group", "to-13").muted = True
    await send_card(system, group)

    await system.quiet()
    async with system.store.data.begin() as conn:
        planned = {"planned_at": system.runtime.clock.now()}
        await conn.execute(update(broadcast_models.broadcast).values(planned))
    await system.application.ticks.now("broadcasts")
    assert await tasks(system) == [("group", "group.refused", "Tổ 13")]
    assert await received(system) == []


async def test_a_group_that_was_never_bound_may_put_the_bot_out(system) -> None:
    """Nobody is told, and nothing is kept, of strangers' groups: neither when they move nor when they end."""
    await say(system, "strangers", "chào cả nhà")
    await system.do("telegram_group", "strangers", "upgrade")
    await system.do("telegram_group", "strangers", "mute")
    await system.do("telegram_group", "strangers", "remove")
    await system.quiet()
    assert await chats(system) == []
    assert await system.count("SELECT count(*) FROM task") == 0
    assert await system.count("SELECT count(*) FROM inbox WHERE state <> 1") == 0
