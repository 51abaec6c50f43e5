"""The Zalo adapter against the stand-in: what it believes, what it reads, what it sends, how it fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.base import Channel, Failure, Human, Permanent, Retry, Sent, Unknown, Unreachable
from bot.channels.zalo_oa.adapter import ZaloOA
from bot.zalo_sdk.errors import NeedsConsent, NoTokenNow
from flows.model.messages import Shown
from tests.support.content import limits_of

NOW = datetime(2026, 11, 22, 15, 0, 20, tzinfo=UTC)  # ten at night in Viet Nam


class FixedTokens:
    """A keeper whose tokens a test hands out one after the other; the last one goes on working."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.asked = 0

    async def access(self) -> str:
        """The token in force."""
        if not self.tokens:
            raise NeedsConsent("z1")
        return self.tokens[0]

    async def renewed(self, stale: str) -> str:
        """The one after it."""
        self.asked += 1
        if len(self.tokens) < 2:
            raise NoTokenNow("z1")
        self.tokens.pop(0)
        return self.tokens[0]

    async def tick(self) -> None:
        """Nothing is due."""

    async def close(self) -> None:
        """Nothing is open."""

    def ask_with(self, alive) -> None:
        """Not needed here."""


def adapter(stand_in, *tokens: str, base: str = "", **more: Any) -> ZaloOA:
    """An adapter pointed at the stand-in, with its token unless told otherwise."""
    account = stand_in.world.zalo
    tokens = tokens or (account.tokens.issue()["access_token"],)
    base = base or f"{stand_in.url}/sim/zalo/openapi"
    secrets = ["next-secret", account.webhook.secret]
    return ZaloOA(
        "z1",
        account.app_id,
        account.oa_id,
        secrets,
        base,
        FixedTokens(*tokens),
        limits_of("zalo_oa"),
        read=1.0,
        clock=lambda: NOW,
        **more,
    )


@pytest.fixture
async def oa(stand_in) -> AsyncIterator[ZaloOA]:
    """An adapter that works."""
    channel = adapter(stand_in)
    yield channel
    await channel.close()


def phone(stand_in, slug: str = "lan"):
    """A phone on Zalo."""
    return stand_in.world.phone("zalo_oa", slug)


def fault(stand_in, **planned: Any) -> None:
    """Plan one fault of the stand-in."""
    from simulator.core.faults import read_fault

    stand_in.world.faults.replace([read_fault({"channel": "zalo_oa", **planned})])


async def test_the_adapter_is_a_channel_and_starts(oa) -> None:
    """The whole surface, and Zalo knows the account."""
    assert isinstance(oa, Channel)
    await oa.start()


async def test_events_of_the_platform_are_believed_and_read(oa, stand_in, receiver) -> None:
    """What the stand-in signs passes with the second secret of the list, and nothing is left unread."""
    from simulator.zalo import person

    account = stand_in.world.zalo
    account.webhook.url, account.webhook.receipts, lan = receiver.url, False, phone(stand_in)
    person.follow(account, lan)
    person.write(account, lan, "cứu em với \ud83d")
    person.speak(account, lan, stand_in.url)
    person.show_picture(account, lan, stand_in.url)
    person.share_place(account, lan, 21.0285, 105.8542)
    person.stick(account, lan)
    person.write(account, lan, "chào nhóm", group="g1")
    person.answer_by_hand(account, lan, "Em đây")
    person.unfollow(account, lan)
    heard = []
    for headers, raw in await receiver.wait(9):
        oa.verify(headers, raw)
        arrived, key = oa.read(raw), oa.event_id(raw)
        if arrived is not None:
            assert key.conversation == arrived.address
            heard.append((arrived.address, arrived.incoming.kind, arrived.incoming.text))
    assert sorted(heard) == sorted(
        [
            (lan.address, "follow", ""),
            (lan.address, "text", "cứu em với \ufffd"),
            (lan.address, "voice", ""),
            (lan.address, "image", ""),
            (lan.address, "location", ""),
            (lan.address, "sticker", ""),
            (lan.address, "staff_spoke", ""),
            (lan.address, "unfollow", ""),
        ]
    )


async def test_our_own_echo_and_receipts_concern_nobody(oa, stand_in, receiver) -> None:
    """oa_send_text without a human behind it, and user_received_message."""
    stand_in.world.zalo.webhook.url = receiver.url
    await oa.send(phone(stand_in).address, Shown("Chào"))
    for headers, raw in await receiver.wait(2):
        oa.verify(headers, raw)
        assert oa.read(raw) is None


async def test_a_text_is_composed_and_on_the_phone(oa, stand_in) -> None:
    """Decomposed letters are put together before they count and before they leave."""
    lan = phone(stand_in)
    sent = await oa.send(lan.address, Shown("Chào chi\u0323\n1. Có\n2. Không"))
    assert isinstance(sent, Sent)
    assert (lan.messages[-1].id, lan.messages[-1].text) == (sent.message_id, "Chào chị\n1. Có\n2. Không")
    long = "e\u0323" * 2000
    await oa.send(lan.address, Shown(long))
    assert len(lan.messages[-1].text) == 2000


async def test_a_picture_is_shown_and_a_sound_is_a_link(oa, stand_in) -> None:
    """There is no upload of sound on this channel."""
    lan = phone(stand_in)
    await oa.send(lan.address, Shown("Xem nhé", media="https://example.test/m/a.png"))
    assert (lan.messages[-1].media.kind, lan.messages[-1].text) == ("image", "Xem nhé")
    await oa.send(lan.address, Shown("Nghe nhé", media="https://example.test/m/a.m4a"))
    assert lan.messages[-1].text == "Nghe nhé\nhttps://example.test/m/a.m4a"


async def test_uploads_go_by_their_ids(oa, stand_in) -> None:
    """A picture and a file that Zalo keeps are sent by what it called them."""
    lan = phone(stand_in)
    picture = await oa.oa.upload_image(b"\x89PNG", "a.png")
    paper = await oa.oa.upload_file(b"%PDF", "a.pdf")
    await oa.send(lan.address, Shown("", media=f"image:{picture}"))
    await oa.send(lan.address, Shown("", media=f"file:{paper}"))
    assert [m.media.kind for m in lan.messages] == ["image", "file"]


async def test_a_refused_token_is_renewed_once_and_the_message_goes(stand_in) -> None:
    """-216 costs one renewal and one more request, not the message."""
    good = stand_in.world.zalo.tokens.issue()["access_token"]
    oa = adapter(stand_in, "stale", good)
    lan = phone(stand_in)
    await oa.send(lan.address, Shown("Chào"))
    assert [m.text for m in lan.messages] == ["Chào"]
    assert oa.keeper.asked == 1
    await oa.close()


@pytest.mark.parametrize(("tokens", "kind"), [(("stale",), Retry), (("stale", "stale too"), Retry)])
async def test_without_a_working_token_the_message_waits(stand_in, tokens, kind) -> None:
    """Nothing was sent, so it is tried again."""
    oa = adapter(stand_in, *tokens)
    with pytest.raises(kind):
        await oa.send(phone(stand_in).address, Shown("Chào"))
    await oa.close()


async def test_without_consent_a_human_is_called_by_one_sentence(stand_in) -> None:
    """It names the account and the way out, and no token."""
    oa = adapter(stand_in, "x")
    oa.keeper.tokens.clear()
    for doing in (oa.start(), oa.send("1", Shown("Chào"))):
        with pytest.raises(Human, match=r"^zalo account z1: an administrator .* consent again"):
            await doing
    await oa.close()


ANSWERS: list[tuple[dict[str, Any], type[Failure], dict[str, Any]]] = [
    ({"kind": "429"}, Retry, {"chat": False}),
    ({"kind": "error", "code": -32}, Retry, {"chat": False}),
    ({"kind": "error", "code": -200}, Retry, {"chat": True}),
    ({"kind": "error", "code": -201}, Permanent, {}),
    ({"kind": "error", "code": -211}, Retry, {"chat": True, "after": 3600.0}),
    ({"kind": "error", "code": -218}, Retry, {"chat": True}),
    ({"kind": "error", "code": -224}, Human, {"code": "-224"}),
    ({"kind": "error", "code": -227}, Unreachable, {}),
    ({"kind": "error", "code": -230}, Unreachable, {"code": "-230"}),
    ({"kind": "error", "code": -232}, Unreachable, {}),
    ({"kind": "error", "code": -244}, Unreachable, {}),
    ({"kind": "error", "code": -248}, Human, {}),
    ({"kind": "error", "code": -321}, Human, {}),
    ({"kind": "error", "code": -99999}, Permanent, {"code": "-99999"}),
    ({"kind": "5xx"}, Unknown, {}),
    ({"kind": "html"}, Unknown, {}),
    ({"kind": "empty"}, Unknown, {}),
    ({"kind": "truncated"}, Unknown, {}),
    ({"kind": "reset"}, Unknown, {}),
    ({"kind": "timeout_before"}, Unknown, {}),
    ({"kind": "timeout_after"}, Unknown, {}),
    ({"kind": "lost_response"}, Unknown, {}),
]


@pytest.mark.parametrize(("planned", "kind", "facts"), ANSWERS, ids=lambda v: str(v)[:60])
async def test_every_answer_has_its_action(oa, stand_in, planned, kind, facts) -> None:
    """Each refusal, and each missing answer, becomes the failure that says what to do."""
    fault(stand_in, **planned)
    with pytest.raises(Failure) as failed:
        await oa.send(phone(stand_in).address, Shown("Chào"))
    assert type(failed.value) is kind
    assert failed.value.__context__ is None
    assert {name: getattr(failed.value, name) for name in facts} == facts


async def test_after_seven_days_she_is_unreachable(oa, stand_in) -> None:
    """By the platform's own clock; the answer is -230."""
    lan = phone(stand_in)
    await stand_in.world.advance(7 * 86_400 + 60)
    oa.keeper.tokens = [stand_in.world.zalo.tokens.issue()["access_token"]]
    with pytest.raises(Unreachable) as failed:
        await oa.send(lan.address, Shown("Chào"))
    assert failed.value.code == "-230"


async def test_the_night_ends_at_five_past_six(oa, stand_in) -> None:
    """-234 comes back in the morning of Viet Nam, spread over five minutes."""
    fault(stand_in, kind="error", code=-234)
    with pytest.raises(Retry) as failed:
        await oa.send(phone(stand_in).address, Shown("Chào"))
    morning = (datetime(2026, 11, 22, 23, 5, tzinfo=UTC) - NOW).total_seconds()
    assert morning <= failed.value.after <= morning + 300


async def test_a_server_that_is_not_there_was_surely_not_reached(stand_in) -> None:
    """A refused connection is tried again; a firewall's page too."""
    oa = adapter(stand_in, base="http://127.0.0.1:9")
    with pytest.raises(Retry) as failed:
        await oa.send("1", Shown("Chào"))
    assert failed.value.code == "connect"
    await oa.close()


async def test_a_firewall_does_not_speak_for_zalo(stand_in, serving_status) -> None:
    """403 with a page: nobody becomes unreachable."""
    async with serving_status(403, b"<html>Cloudflare</html>") as url:
        oa = adapter(stand_in, base=url)
        with pytest.raises(Retry):
            await oa.send("1", Shown("Chào"))
        await oa.close()


@pytest.mark.parametrize("shown", [Shown(""), Shown("x" * 2001), Shown("😀" * 2001)])
async def test_what_zalo_can_never_take_is_not_sent(oa, stand_in, shown: Shown) -> None:
    """Permanent, and no request was made."""
    with pytest.raises(Permanent):
        await oa.send("1", shown)
    assert stand_in.events("request") == []


async def test_the_budget_follows_the_headers(oa, stand_in) -> None:
    """Limit and rest of the minute, from every answer."""
    stand_in.world.zalo.conditions.rate_per_minute = 100
    assert oa.budget.limit is None
    await oa.send(phone(stand_in).address, Shown("Chào"))
    assert (oa.budget.limit, oa.budget.remain) == (100, 99)
