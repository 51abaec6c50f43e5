"""What an account can look up: people, tags, itself, past messages, quotas."""

from __future__ import annotations

import pytest


async def test_a_persons_profile_has_string_ids_and_tags(far):
    """user/detail takes its argument as JSON in `data`; a tag may be set by a number."""
    address = far.world.phone("zalo_oa", "lan").address
    tagged = await far.zalo("openapi/v2.0/oa/tag/tagfollower", {"user_id": int(address), "tag_name": "thử"})
    assert tagged["error"] == 0
    data = (await far.zalo_get("openapi/v3.0/oa/user/detail", {"user_id": address}))["data"]
    assert (data["user_id"], data["display_name"], data["user_is_follower"]) == (address, "Lan", True)
    assert data["user_last_interaction_date"] == "22/11/2026"
    assert data["tags_and_notes_info"]["tag_names"] == ["thử"]
    assert (await far.zalo_get("openapi/v2.0/oa/tag/gettagsofoa"))["data"] == ["thử"]
    assert (await far.zalo("openapi/v2.0/oa/tag/rmtag", {"tag_name": "thử"}))["error"] == 0
    assert (await far.zalo_get("openapi/v3.0/oa/user/detail", {"user_id": "1"}))["error"] == -213


async def test_followers_are_listed_in_pages(far):
    """user/getlist returns ids from an offset; more than 50 at once is -210."""
    for user in ("lan", "mai", "hoa"):
        far.world.phone("zalo_oa", user)
    data = (await far.zalo_get("openapi/v3.0/oa/user/getlist", {"offset": 1, "count": 1}))["data"]
    assert (data["total"], data["count"]) == (3, 1)
    assert (await far.zalo_get("openapi/v3.0/oa/user/getlist", {"count": 51}))["error"] == -210
    assert (await far.zalo_get("openapi/v2.0/oa/getfollowers", {"offset": 0}))["error"] == -240


async def test_the_account_describes_itself(far):
    """getoa returns the id and the package, as a boot check needs."""
    data = (await far.zalo_get("openapi/v2.0/oa/getoa"))["data"]
    assert (data["oaid"], data["is_verified"]) == (far.world.zalo.oa_id, True)


async def test_past_messages_can_be_read_back(far):
    """conversation lists both sides newest first, ten at most."""
    address = far.world.phone("zalo_oa", "lan").address
    await far.act("zalo_oa", "lan", "say", text="chào")
    await far.consult("lan", "Chào chị")
    rows = (await far.zalo_get("openapi/v2.0/oa/conversation", {"user_id": address, "offset": 0, "count": 10}))["data"]
    assert [(row["src"], row["message"]) for row in rows] == [(0, "Chào chị"), (1, "chào")]
    assert (await far.zalo_get("openapi/v2.0/oa/conversation", {"user_id": address, "count": 11}))["error"] == -210
    assert len((await far.zalo_get("openapi/v2.0/oa/listrecentchat", {"offset": 0, "count": 5}))["data"]) == 1


@pytest.mark.parametrize(
    ("body", "key"),
    [
        pytest.param({"quota_owner": "OA"}, "remain", id="the account's"),
        pytest.param({"quota_owner": "App"}, "remain", id="as PyPI zalo-sdk spells it"),
    ],
)
async def test_what_the_account_has_left_is_told(far, body, key):
    """quota/message for an owner returns its assets."""
    assert (await far.zalo("openapi/v3.0/oa/quota/message", body))["data"][0][key] == 2000


async def test_a_persons_window_is_told(far):
    """quota/message for a person returns her last interaction and what may be sent."""
    address = far.world.phone("zalo_oa", "lan").address
    data = (await far.zalo("openapi/v3.0/oa/quota/message", {"user_id": address}))["data"]
    assert (data["last_interaction"], data["cs_reply"]["total"]) == ("1795316400000", 8)


async def test_a_template_to_a_number_is_checked_and_counted(far):
    """The business host takes 84… numbers only and counts the day's quota down."""
    body = {"phone": "84987654321", "template_id": "100001", "template_data": {"name": "Lan"}}
    sent = (await far.zalo("business/message/template", body))["data"]
    assert sent["quota"] == {"dailyQuota": "2000", "remainingQuota": "1999"}
    assert (await far.zalo("business/message/template", {**body, "phone": "0987654321"}))["error"] == -108
    assert (await far.zalo_get("business/template/all"))["data"][0]["templateId"] == "100001"
