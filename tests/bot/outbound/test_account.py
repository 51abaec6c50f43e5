"""An account's tokens: a reply finds one kept for it, and tokens that come back are never slept over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Abilities
from bot.outbound.account import AccountLimiter, SendingAccount
from flows.model.effects import CHECK_IN

RATES = st.floats(0.5, 60)


class _Silent:
    """A channel that tells no pace; no message is sent here."""

    abilities = Abilities()


def _account(rate: float, now: float) -> AccountLimiter:
    return AccountLimiter(SendingAccount(1, _Silent(), rate, 0, 64), now)  # type: ignore[arg-type]


@given(rate=RATES, spent=st.integers(0, 12), waited=st.floats(0, 2))
def test_whoever_waits_for_tokens_is_told_when_they_come(rate: float, spent: int, waited: float) -> None:
    """After the named time everything may be claimed again; no time is named when it was not tokens that lacked."""
    account = _account(rate, 0.0)
    account.bucket.take(min(spent, int(account.bucket.size)), 0.0)
    want, due = account.wants(waited, 32, 1), account.due(waited)
    assert (due is None) == (want is not None and want.priority == CHECK_IN)
    if due is not None:
        assert due > 0
        later = account.wants(waited + due + 1e-6, 32, 1)
        assert later is not None


@given(rate=RATES)
def test_tokens_that_come_between_the_look_and_the_question_are_not_slept_over(rate: float) -> None:
    """The look found none; a moment later they are there: the wait is an instant, not a sweep."""
    account = _account(rate, 0.0)
    account.bucket.take(int(account.bucket.size), 0.0)
    looked = account.bucket.wait(0.0) * 0.999
    if account.wants(looked, 32, 1) is None:
        assert (account.due(looked + 1) or 1) <= 0.001


@given(rate=st.floats(10, 60), asked=st.integers(1, 64))
def test_a_broadcast_leaves_a_token_for_the_next_reply(rate: float, asked: int) -> None:
    """However many messages of a broadcast wait, what is claimed of them leaves a token to a reply."""
    account = _account(rate, 0.0)
    want = account.wants(0.0, asked, 1)
    assert want is not None
    account.bucket.take(want.crowd, 0.0)
    reply = account.wants(0.0, asked, 1)
    assert reply is not None
    assert reply.most >= 1
