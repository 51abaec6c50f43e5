"""A group on Telegram: people write in it, the bot hears it and may speak there, and it can ask to wait."""

from __future__ import annotations

from typing import Any

GROUP = {"group": "to-13"}


async def chat_of(far: Any) -> int:
    """Let lan write in the group and return its chat id as the bot hears it."""
    await far.act("telegram", "lan", "group_say", text="chào cả nhà", **GROUP)
    return int((await far.telegram("getUpdates"))[1]["result"][-1]["message"]["chat"]["id"])


async def test_what_is_said_in_a_group_reaches_the_bot(far):
    """The update carries the group as its chat and the person as its sender."""
    await far.act("telegram", "lan", "group_say", text="chào cả nhà", **GROUP)
    said = (await far.telegram("getUpdates"))[1]["result"][0]["message"]
    lan = far.world.phone("telegram", "lan")
    assert said["chat"] == {"id": said["chat"]["id"], "type": "supergroup", "title": "to-13"}
    assert said["chat"]["id"] < -1_000_000_000_000
    assert (said["from"]["id"], said["text"]) == (int(lan.address), "chào cả nhà")
    assert lan.messages == []


async def test_a_message_to_a_group_lies_in_the_group_alone(far):
    """sendMessage to the negative id is delivered to the group, and logged under its slug."""
    chat = await chat_of(far)
    status, answer = await far.telegram("sendMessage", chat_id=chat, text="Thẻ tuần này")
    assert (status, answer["result"]["chat"]["type"]) == (200, "supergroup")
    shown = (await far.get("/__sim/telegram_group/to-13/inbox"))["messages"]
    assert [message["text"] for message in shown] == ["Thẻ tuần này"]
    assert (await far.get("/__sim/telegram/lan/inbox"))["messages"] == []
    delivered = await far.log(kind="delivered")
    assert [(entry["channel"], entry["user"]) for entry in delivered] == [("telegram_group", "to-13")]


async def test_a_group_nobody_made_is_not_found(far):
    """A negative id that no group has is refused as the Bot API does."""
    status, answer = await far.telegram("sendMessage", chat_id=-1_001_000_000_001, text="x")
    assert (status, answer["description"]) == (400, "Bad Request: chat not found")


async def test_one_group_can_ask_for_patience(far):
    """A 429 planned for the group's slug strikes there and nowhere else."""
    chat = await chat_of(far)
    await far.post("/__sim/faults", {"channel": "telegram", "user": "to-13", "kind": "429", "retry_after": 7})
    lan = int(far.world.phone("telegram", "lan").address)
    assert (await far.telegram("sendMessage", chat_id=lan, text="x"))[0] == 200
    status, answer = await far.telegram("sendMessage", chat_id=chat, text="x")
    assert (status, answer["parameters"]) == (429, {"retry_after": 7})
    assert (await far.telegram("sendMessage", chat_id=chat, text="x"))[0] == 200


async def test_group_say_names_what_is_missing(far):
    """Without a group nothing is said, and the answer names the field."""
    status, answer = await far.status("/__sim/telegram/lan/group_say", {"text": "x"})
    assert status == 400
    assert "group" in answer["error"]


async def test_a_group_is_one_more_phone_once_it_exists(far):
    """The page's feed shows a group under its slug after the first word in it, with a way to write."""
    before = await far.get("/__sim/live?since=-1")
    assert not [name for name in before["phones"] if name.startswith("telegram_group/")]
    await chat_of(far)
    shown = (await far.get("/__sim/live?since=-1"))["changed"]
    group = next(phone for phone in shown if phone["channel"] == "telegram_group")
    assert (group["talks_to"], group["shown_as"], group["user"]) == ("to-13", "to-13", "to-13")
    assert await far.act("telegram_group", "to-13", "say", text="NC-7KQF-2M9X")
    assert (await far.telegram("getUpdates"))[1]["result"][-1]["message"]["text"] == "NC-7KQF-2M9X"
