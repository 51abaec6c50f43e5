"""Consultation messages meet Zalo's windows, limits, quotas and the order of its checks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from simulator.world import World

BUTTON = {"title": "Xem", "type": "oa.query.show", "payload": "#x"}


def buttons(*given: dict[str, Any]) -> dict[str, Any]:
    """Return an attachment with buttons."""
    return {"attachment": {"type": "template", "payload": {"buttons": list(given)}}}


def picture(**element: Any) -> dict[str, Any]:
    """Return an attachment with one media element."""
    payload = {"template_type": "media", "elements": [{"media_type": "image", **element}]}
    return {"attachment": {"type": "template", "payload": payload}}


async def test_a_message_reaches_the_phone_with_its_quota(far):
    """Within 48 hours a send is a free reply, and the answer has string ids and the documented fields."""
    await far.act("zalo_oa", "lan", "say", text="chào")
    answer = await far.consult("lan", "Chào chị")
    data = answer["data"]
    assert (answer["error"], data["quota"]["quota_type"]) == (0, "reply")
    assert len(data["user_id"]) == 19
    shown = (await far.inbox("zalo_oa", "lan"))[-1]
    assert (shown["id"], shown["text"], shown["choices"], shown["push"]) == (data["message_id"], "Chào chị", [], True)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param({"hours": 47, "minutes": 59}, "reply", id="47 h 59"),
        pytest.param({"hours": 48, "minutes": 1}, "sub_quota", id="48 h 01"),
        pytest.param({"days": 6, "hours": 23}, "sub_quota", id="6 d 23 h"),
        pytest.param({"days": 7, "seconds": 60}, -230, id="7 d 00:01"),
    ],
)
async def test_the_windows_close_on_time(far, span, expected):
    """Free for 48 hours, from the month's allowance for 7 days, refused after; a word from her reopens it."""
    await far.act("zalo_oa", "lan", "say", text="chào")
    await far.advance(**span)
    far.access = far.world.zalo.tokens.issue()["access_token"]
    answer = await far.consult("lan")
    assert (answer["data"]["quota"]["quota_type"] if answer["error"] == 0 else answer["error"]) == expected
    await far.act("zalo_oa", "lan", "say", text="em đây")
    assert (await far.consult("lan"))["data"]["quota"]["quota_type"] == "reply"


@pytest.mark.parametrize(
    ("length", "form", "error"),
    [
        pytest.param(2000, "NFC", 0, id="2000 composed"),
        pytest.param(2001, "NFC", -210, id="2001 composed"),
        pytest.param(2000, "NFD", -210, id="2000 decomposed are 6000"),
    ],
)
async def test_texts_are_counted_as_received(far, length, form, error):
    """2,000 code points pass; decomposed Vietnamese counts every mark."""
    assert (await far.consult("lan", unicodedata.normalize(form, "ế" * length)))["error"] == error


@pytest.mark.parametrize(
    ("message", "error"),
    [
        pytest.param({"text": ""}, -201, id="no text"),
        pytest.param({"text": 5}, -201, id="text that is none"),
        pytest.param({"text": "a", "quote_message_id": "x"}, -201, id="quote of nothing"),
        pytest.param({"text": "a", **buttons(BUTTON)}, -233, id="buttons"),
        pytest.param({"text": "a", **buttons(*[BUTTON] * 6)}, -210, id="six buttons"),
        pytest.param(picture(url="https://x/a.png", attachment_id="b"), -201, id="url and id"),
        pytest.param(picture(), -201, id="neither url nor id"),
        pytest.param(picture(attachment_id="unknown"), -201, id="unknown id"),
        pytest.param(picture(media_type="video", url="https://x/a"), -233, id="video"),
        pytest.param(picture(media_type="gif", url="https://x/a"), -201, id="gif without a size"),
        pytest.param(
            {"attachment": {"type": "file", "payload": {"attachment_id": "x"}}}, -201, id="file without token"
        ),
    ],
)
async def test_a_payload_that_breaks_a_rule_is_refused(far, message, error):
    """Shapes, limits and kinds are judged with the documented codes, at HTTP 200."""
    await far.act("zalo_oa", "lan", "say", text="chào")
    assert (await far.consult("lan", **message))["error"] == error
    assert await far.inbox("zalo_oa", "lan") == []


async def test_buttons_are_shown_where_an_account_has_them(far):
    """With cs_buttons on, titles are choices; pressing one sends its label as ordinary text."""
    await far.post("/__sim/accounts/zalo_oa/first", {"cs_buttons": True})
    assert (await far.consult("lan", "Chọn", **buttons(BUTTON)))["error"] == 0
    assert (await far.inbox("zalo_oa", "lan"))[-1]["choices"] == ["Xem"]


def _no_token(world: World) -> None:
    world.zalo.tokens.revoke()


def _blocked(world: World) -> None:
    world.phone("zalo_oa", "lan").blocked = True


def _away(world: World) -> None:
    world.phone("zalo_oa", "lan").away = True


def _gone(world: World) -> None:
    world.phone("zalo_oa", "lan").reachable = False


def _condition(name: str, value: Any) -> Callable[[World], None]:
    return lambda world: setattr(world.zalo.conditions, name, value)


# Each condition is judged before all that follow it.
ORDER: list[tuple[int, Callable[[World], None]]] = [
    (-216, _no_token),
    (-209, _condition("app_active", False)),
    (-223, _condition("granted", False)),
    (-224, _condition("plan_has_api", False)),
    (-32, _condition("rate_per_minute", 0)),
    (-213, _gone),
    (-227, _away),
    (-244, _blocked),
]


@pytest.mark.parametrize("first", range(len(ORDER)), ids=[str(code) for code, _ in ORDER])
async def test_checks_come_in_zalos_order(far, first):
    """With this and every later condition broken, the answer is this condition's code."""
    for _, break_it in reversed(ORDER[first:]):
        break_it(far.world)
    assert (await far.consult("lan"))["error"] == ORDER[first][0]


async def test_the_request_after_the_last_of_a_minute_is_refused(far):
    """The 101st call of a minute is -32, the headers count down also on errors, the next minute is free again."""
    await far.post("/__sim/accounts/zalo_oa/first", {"rate_per_minute": 100})
    url = f"{far.base}/sim/zalo/openapi/v3.0/oa/message/cs"
    remain = []
    for _ in range(101):
        async with far.web.post(url, data=b"not json", headers={"access_token": far.access}) as answer:
            remain.append((answer.headers["X-RateLimit-Remain"], (await answer.json())["error"]))
            assert answer.headers["X-RateLimit-Limit"] == "100"
    assert remain[0] == ("99", -201)
    assert remain[99:] == [("0", -201), ("0", -32)]
    await far.advance(seconds=60)
    assert (await far.consult("lan"))["error"] == 0


async def test_a_paid_message_has_no_quota_and_needs_money(far):
    """When the allowance is used up a late message is billed (no quota field), or -321 without money."""
    await far.act("zalo_oa", "lan", "say", text="chào")
    await far.advance(hours=49)
    far.access = far.world.zalo.tokens.issue()["access_token"]
    await far.post("/__sim/accounts/zalo_oa/first", {"sub_quota": 1})
    assert (await far.consult("lan"))["data"]["quota"]["remain"] == "0"
    assert "quota" not in (await far.consult("lan"))["data"]
    await far.post("/__sim/accounts/zalo_oa/first", {"zca_has_money": False})
    assert (await far.consult("lan"))["error"] == -321


async def test_a_cap_on_free_replies_starts_anew_with_her_next_message(far):
    """With a cap of 2 the third reply comes from the allowance, until she writes again."""
    await far.post("/__sim/accounts/zalo_oa/first", {"cs_free_cap": 2})
    await far.act("zalo_oa", "lan", "say", text="chào")
    kinds = [(await far.consult("lan"))["data"]["quota"]["quota_type"] for _ in range(3)]
    assert kinds == ["reply", "reply", "sub_quota"]
    await far.act("zalo_oa", "lan", "say", text="em đây")
    assert (await far.consult("lan"))["data"]["quota"]["quota_type"] == "reply"


async def upload(far: Any, kind: str, name: str, data: bytes = b"x") -> dict[str, Any]:
    """Upload a file as a client does."""
    form = aiohttp.FormData()
    form.add_field("file", data, filename=name)
    url = f"{far.base}/sim/zalo/openapi/v2.0/oa/upload/{kind}"
    async with far.web.post(url, data=form, headers={"access_token": far.access}) as answer:
        return await answer.json()


async def test_an_upload_can_be_sent_for_seven_days(far):
    """A picture's id and a file's token work until 7 days have passed, then -100."""
    image = (await upload(far, "image", "a.png"))["data"]["attachment_id"]
    token = (await upload(far, "file", "a.pdf"))["data"]["token"]
    file = {"attachment": {"type": "file", "payload": {"token": token}}}
    await far.act("zalo_oa", "lan", "say", text="chào")
    assert (await far.consult("lan", **picture(attachment_id=image)))["error"] == 0
    assert (await far.consult("lan", "", **file))["error"] == 0
    assert [m["media"]["kind"] for m in await far.inbox("zalo_oa", "lan")] == ["image", "file"]
    await far.advance(days=7, seconds=1)
    await far.act("zalo_oa", "lan", "say", text="chào")
    far.access = far.world.zalo.tokens.issue()["access_token"]
    assert (await far.consult("lan", **picture(attachment_id=image)))["error"] == -100


@pytest.mark.parametrize(
    ("kind", "name", "size", "error", "empty"),
    [
        pytest.param("image", "a.bmp", 1, 0, True, id="wrong extension succeeds with nothing"),
        pytest.param("image", "a.jpg", 1024 * 1024 + 1, -210, True, id="over 1 MB"),
        pytest.param("gif", "a.gif", 1024 * 1024 + 1, 0, False, id="a GIF may be larger"),
    ],
)
async def test_uploads_have_limits(far, kind, name, size, error, empty):
    """Extension and size decide; a wrong extension is success without data, as seen in the field."""
    answer = await upload(far, kind, name, b"x" * size)
    assert (answer["error"], not answer.get("data")) == (error, empty)


async def test_uploads_are_counted_by_the_month(far):
    """The upload over the monthly number is -211."""
    await far.post("/__sim/accounts/zalo_oa/first", {"uploads_per_month": 1})
    assert (await upload(far, "image", "a.png"))["error"] == 0
    assert (await upload(far, "image", "a.png"))["error"] == -211


async def test_stopped_and_old_ways_to_send_are_refused(far):
    """Transaction and promotion are -233, plain v2 messages -240, an unknown path is an HTML 404."""
    body = {"recipient": {"user_id": "1"}, "message": {"text": "a"}}
    assert (await far.zalo("openapi/v3.0/oa/message/transaction", body))["error"] == -233
    assert (await far.zalo("openapi/v2.0/oa/message", body))["error"] == -240
    async with far.web.post(f"{far.base}/sim/zalo/openapi/v3.0/oa/nothing") as answer:
        assert (answer.status, answer.content_type) == (404, "text/html")


@pytest.mark.parametrize(
    ("hours", "push"), [pytest.param(2, True, id="12:00 in Viet Nam"), pytest.param(13, False, id="23:00")]
)
async def test_a_template_is_silent_at_night(far, hours, push):
    """A template to a user id is delivered at night without a notification."""
    address = far.world.phone("zalo_oa", "lan").address
    await far.advance(hours=hours)
    body = {"user_id": address, "template_id": "100001", "template_data": {"name": "Lan"}}
    assert (await far.zalo("openapi/v3.0/oa/message/template", body))["error"] == 0
    assert (await far.inbox("zalo_oa", "lan"))[-1]["push"] is push


async def test_a_proof_of_the_secret_is_checked_when_sent_or_demanded(far):
    """A wrong appsecret_proof is -242; with the switch on it may not be missing."""
    body = {"user_id": far.world.phone("zalo_oa", "lan").address}
    assert (await far.zalo("openapi/v3.0/oa/quota/message", body, appsecret_proof="wrong"))["error"] == -242
    await far.post("/__sim/accounts/zalo_oa/first", {"appsecret_proof_required": True})
    assert (await far.zalo("openapi/v3.0/oa/quota/message", body))["error"] == -242
