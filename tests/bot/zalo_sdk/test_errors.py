"""Every code of Zalo's that anyone has written down has one action, by host."""

from __future__ import annotations

import pytest

from bot.zalo_sdk.errors import CODES, Action, ZaloError, action_of

TABLE = {
    Action.REFRESH: [-216, -220, 216, 401, -401, 452],
    Action.RETRY: [-32, -100, -200, -214, 10000, 10002, 429],
    Action.RESCHEDULE: [-211, -218, -234, 12000, 12002, 12003, 12004, 12010],
    Action.UNREACHABLE: [-213, -217, -222, -227, -230, -232, -244, -305, -311, 12007, 12008, 12009, 210],
    Action.PERMANENT: [-201, -210, -233, -240, -249, 100, 2500],
    Action.HUMAN: [
        -202, -204, -205, -207, -208, -209, -212, -219, -221, -223, -224, -235, -320, -321, -248, -237, -238,
        -241, -403, -242,
    ],
}  # fmt: skip
ROWS = [(code, action) for action, codes in TABLE.items() for code in codes]


@pytest.mark.parametrize(("code", "action"), ROWS)
def test_a_code_of_the_openapi_has_its_action(code: int, action: Action) -> None:
    """The table of the reference, written down a second time."""
    assert ZaloError("openapi", code).action is action


def test_the_same_number_on_another_host_is_another_error() -> None:
    """The table is keyed by host and code."""
    assert action_of("oauth", -14014)[0] is Action.HUMAN
    assert action_of("openapi", -14014)[0] is Action.PERMANENT
    assert ("oauth", -216) not in CODES


BOT = [
    (400, "Bad Request", Action.PERMANENT),
    (401, "Unauthorized", Action.HUMAN),
    (403, "Internal server error", Action.RETRY),
    (404, "Chat not found", Action.UNREACHABLE),
    (404, "Not Found: the RECIPIENT is gone", Action.UNREACHABLE),
    (404, "user not found", Action.UNREACHABLE),
    (404, "message not found", Action.PERMANENT),
    (404, "Not Found", Action.RETRY),
    (404, "", Action.RETRY),
    (429, "Quota exceeded for this chat", Action.RETRY),
    (777, "", Action.PERMANENT),
]


@pytest.mark.parametrize(("code", "words", "action"), BOT)
def test_a_code_of_the_bot_platform_has_its_action(code: int, words: str, action: Action) -> None:
    """403 is a failing server and no refusal; only a 404 that names somebody makes somebody unreachable."""
    assert ZaloError("bot", code, words).action is action


@pytest.mark.parametrize("message", ["access_token is invalid", "Access token has expired", "expired access_token"])
def test_an_unknown_code_about_the_token_is_a_refresh(message: str) -> None:
    """Zalo reports a dead token under many numbers; the words give it away."""
    assert ZaloError("openapi", -777, message).action is Action.REFRESH


def test_an_unknown_code_is_permanent() -> None:
    """It is neither repeated for ever nor takes the account down."""
    assert ZaloError("openapi", -777, "user lan is strange").action is Action.PERMANENT


def test_an_error_never_repeats_what_zalo_said() -> None:
    """Its words may hold names, ids, texts; only a known field's name is kept."""
    error = ZaloError("openapi", -201, "quote_message_id 0641a1e5 of Lan is invalid")
    assert error.field == "quote_message_id"
    assert "Lan" not in f"{error} {error!r} {error.args} {error.__dict__}"
