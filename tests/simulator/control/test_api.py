"""The control plane is stable: what people do, what phones show, clock, log, reset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from simulator.telegram.methods import call_from_webhook
from simulator.world import World


@pytest.mark.parametrize("channel", ["telegram", "zalo_oa", "zalo_bot"])
async def test_a_phone_exists_from_its_first_use(far, channel):
    """Reading an inbox makes a follower with the same id in every world, and an empty phone."""
    assert await far.inbox(channel, "lan") == []
    assert far.world.phone(channel, "lan").address == World(seed=1).phone(channel, "lan").address


async def test_ids_have_the_platforms_forms(far):
    """Telegram ids are integers beyond 32 bits, Zalo ids strings of 19 digits beyond a double's 53, or 20 hex."""
    assert 2**31 < int(far.world.phone("telegram", "lan").address) < 2**52
    zalo = far.world.phone("zalo_oa", "lan").address
    assert (len(zalo), int(zalo) > 2**53) == (19, True)
    bot = far.world.phone("zalo_bot", "lan").address
    assert (len(bot), int(bot, 16) > 0, bot == bot.lower()) == (20, True, True)


async def test_the_log_names_the_parameters_of_every_call_and_no_value(far):
    """In whatever form they came: JSON, a query, an answer to a webhook; of an object what is in it, too."""
    await far.act("telegram", "lan", "say", text="chào")
    chat = int(far.world.phone("telegram", "lan").address)
    await far.telegram("sendMessage", chat_id=chat, text="một", message_thread_id=4242)
    await far.consult("lan", "hai")
    [on_telegram, on_zalo] = [entry["parameters"] for entry in await far.log(kind="request")]
    assert on_telegram == ["chat_id", "message_thread_id", "text"]
    assert on_zalo == ["message", "message.text", "recipient", "recipient.user_id"]
    await call_from_webhook(far.world.telegram, b'{"method":"sendMessage","chat_id":%d,"text":"ba"}' % chat)
    assert (await far.log(kind="request"))[-1]["parameters"] == ["chat_id", "text"]


async def test_the_inbox_has_exactly_what_the_phone_shows(far):
    """Every message has the documented fields, newest last; her own are added only when asked for."""
    await far.act("zalo_oa", "lan", "say", text="chào")
    await far.consult("lan", "một")
    await far.consult("lan", "hai")
    shown = await far.inbox("zalo_oa", "lan")
    assert [m["text"] for m in shown] == ["một", "hai"]
    assert set(shown[0]) == {"id", "text", "choices", "media", "push", "at", "from"}
    assert datetime.fromisoformat(shown[0]["at"]).tzinfo is not None
    everything = await far.inbox("zalo_oa", "lan", everything=True)
    assert [(m["from"], m["text"]) for m in everything] == [("user", "chào"), ("bot", "một"), ("bot", "hai")]


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        pytest.param("zalo_bot/lan/away", {}, 404, "nobody can 'away'", id="act of another channel"),
        pytest.param("pigeon/lan/say", {"text": "a"}, 404, "no channel 'pigeon'", id="unknown channel"),
        pytest.param("telegram/lan/dance", {}, 404, "nobody can 'dance'", id="unknown act"),
        pytest.param("telegram/lan/say", {}, 400, "nothing to say", id="no text"),
        pytest.param("telegram/lan/say", {"text": 5}, 400, "nothing to say", id="text that is none"),
        pytest.param("telegram/lan/press", {}, 400, "nothing to press", id="no choice"),
        pytest.param("telegram/lan/press", {"choice": 1}, 409, "sees no buttons", id="no buttons"),
        pytest.param("telegram/a b/say", {"text": "a"}, 400, "is no name for a phone", id="bad slug"),
        pytest.param("telegram/lan/say?account=9", {"text": "a"}, 400, "there is no account 9", id="unknown account"),
        pytest.param("telegram/lan/voice", {"data": "%"}, 400, "not base64", id="broken bytes"),
        pytest.param("faults", [{"kind": "earthquake"}], 400, "is no fault", id="unknown fault"),
        pytest.param("faults", [{"kind": "429", "colour": 1}], 400, "has no ['colour']", id="unknown field"),
        pytest.param("clock", {"advance": "x"}, 400, "advance", id="clock without a number"),
        pytest.param("clock", {"advance": -1}, 400, "cannot go back", id="clock going back"),
        pytest.param("accounts/zalo_oa/first", {"colour": 1}, 400, "has no 'colour'", id="unknown condition"),
        pytest.param("accounts/zalo_oa/9", {}, 404, "there is no account 9", id="unknown OA"),
        pytest.param("accounts/zalo_bot/first", {"colour": 1}, 400, "has no 'colour'", id="unknown condition of a bot"),
    ],
)
async def test_a_wrong_request_gets_a_sentence(far, path, body, status, sentence):
    """Errors name what was wrong and what would be right."""
    async with far.web.post(f"{far.base}/__sim/{path}", json=body) as answer:
        assert (answer.status, sentence in (await answer.json())["error"]) == (status, True)


async def test_a_choice_is_pressed_by_number_or_label_on_the_newest_buttons(far):
    """On Telegram a press finds the button; what is not there is 409 and names what is."""
    await far.act("telegram", "lan", "say", text="chào")
    chat = int(far.world.phone("telegram", "lan").address)
    for row in ("abc", "xyz"):
        keys = [[{"text": letter, "callback_data": f"data {letter}"} for letter in row]]
        await far.telegram("sendMessage", chat_id=chat, text=row, reply_markup={"inline_keyboard": keys})
    for choice in (2, "z", "1"):
        await far.act("telegram", "lan", "press", choice=choice)
    old = (await far.inbox("telegram", "lan"))[0]["id"]
    await far.act("telegram", "lan", "press", choice=3, message_id=old)
    updates = (await far.telegram("getUpdates"))[1]["result"][1:]
    assert [u["callback_query"]["data"] for u in updates] == ["data y", "data z", "data x", "data c"]
    status, body = await far.status("/__sim/telegram/lan/press", {"choice": "c"})
    assert (status, "['x', 'y', 'z']" in body["error"]) == (409, True)


@pytest.mark.parametrize(("choice", "text"), [(2, "2"), ("Cần giúp", "Cần giúp")])
async def test_on_zalo_a_press_is_typed(far, choice, text):
    """A number or a label goes out as text, as given."""
    await far.act("zalo_oa", "lan", "press", choice=choice)
    assert (await far.inbox("zalo_oa", "lan", everything=True))[-1]["text"] == text


async def test_the_clock_moves_the_world_and_its_followers(far):
    """An advance is visible at once, stamps what follows, and is told to every callback with its seconds."""
    heard: list[float] = []

    async def follow(seconds: float) -> None:
        heard.append(seconds)

    far.world.on_advance.append(follow)
    before = datetime.fromisoformat((await far.get("/__sim/clock"))["now"])
    after = datetime.fromisoformat((await far.post("/__sim/clock", {"advance": 3600}))["now"])
    assert ((after - before).total_seconds(), heard) == (3600, [3600])
    await far.act("telegram", "lan", "say", text="a")
    assert datetime.fromisoformat((await far.inbox("telegram", "lan", everything=True))[0]["at"]) == after


async def test_the_log_is_the_ground_truth_in_order(far):
    """What was said, asked, delivered and removed is there with channel, user, text and status."""
    await far.act("telegram", "lan", "say", text="chào")
    chat = int(far.world.phone("telegram", "lan").address)
    sent = (await far.telegram("sendMessage", chat_id=chat, text="một"))[1]["result"]["message_id"]
    await far.telegram("deleteMessage", chat_id=chat, message_id=sent)
    log: list[dict[str, Any]] = await far.log(user="lan")
    assert [(e["kind"], e["text"], e["status"]) for e in log] == [
        ("said", "chào", "text"),
        ("delivered", "một", "ok"),
        ("request", "một", 200),
        ("removed", "", "ok"),
        ("request", "", 200),
    ]
    assert [e["n"] for e in log] == sorted(e["n"] for e in log)
    assert await far.log(kind="delivered", since=str(log[1]["n"])) == []


async def test_a_reset_forgets_people_and_keeps_accounts(far):
    """After a reset phones, log and faults are gone; tokens work and ids go on."""
    first = await far.act("telegram", "lan", "say", text="a")
    await far.faults({"channel": "telegram", "kind": "429", "times": None})
    await far.post("/__sim/reset")
    assert await far.log() == []
    assert (await far.telegram("getUpdates"))[1]["result"] == []
    assert await far.inbox("telegram", "lan", everything=True) == []
    assert int(await far.act("telegram", "lan", "say", text="b")) > int(first)
    assert (await far.consult("lan"))["error"] == 0


async def test_a_second_account_has_its_own_people(far):
    """The same slug on two bots is two chats; each bot hears its own."""
    other = far.world.add_bot(2)
    await far.post(f"/__sim/telegram/lan/say?account={other.id}", {"text": "chào"})
    assert (await far.telegram("getUpdates"))[1]["result"] == []
    async with far.web.get(f"{far.base}/sim/telegram/bot{other.token}/getUpdates") as answer:
        assert len((await answer.json())["result"]) == 1


def test_a_world_without_a_seed_never_repeats_an_id():
    """Two worlds one second apart have different numbers, so that a bot with a memory sees nothing twice."""
    assert World(seed=None).ids.word() != World(seed=None).ids.word()
    assert [World(seed=3).ids.update() for _ in range(2)] == [300_001, 300_001]
