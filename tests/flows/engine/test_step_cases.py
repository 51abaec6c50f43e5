"""Every transcript of `cases/` is played, and every state of every flow has one."""

from __future__ import annotations

from typing import Any

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import OpenCase
from tests.flows.transcripts import PlayedTranscript, cases, channels_of, play

CASES = dict(cases())
ON_CHANNELS = [
    pytest.param(case, channel, id=f"{name} [{channel}]")
    for name, case in CASES.items()
    for channel in channels_of(case)
]


@pytest.mark.parametrize(("case", "channel"), ON_CHANNELS)
def test_a_conversation_goes_as_written(case: dict[str, Any], channel: str, content: Conversation) -> None:
    """What is shown, what is asked of the service and the state after each turn are those of the file."""
    for turn, played in play(case, content, channel):
        where = f"after {turn.get('said', turn)!r}"
        if "covers" in turn:
            assert [content.library.card(card).topic for card in played.shown] == ["cover"] * turn["covers"], where
        else:
            assert played.shown == turn["shown"], where
        assert played.session.state == turn["state"], where
        if "opens" in turn:
            assert_opens(played, turn)
        else:
            assert played.others == turn.get("effects", []), where
        if "level" in turn:
            assert played.session.level == turn["level"], where


def assert_opens(played: PlayedTranscript, turn: dict[str, Any]) -> None:
    """A cry opens the case at its level, naming a rule and never her words, and hands her words on."""
    opened = [effect for effect in played.effects if isinstance(effect, OpenCase)]
    assert [effect.level for effect in opened] == [turn["opens"]]
    assert turn["said"] not in opened[0].reason
    assert opened[0].reason != ""
    handed = f"AddToCase {' '.join(w for w in (turn['said'], turn.get('media', '')) if w)}"
    assert not {handed, f"{handed} cover"}.isdisjoint(played.others)


def test_every_state_of_every_flow_has_a_transcript(content: Conversation) -> None:
    """A state that no transcript ends in is a state nobody has read through."""
    visited = {"Idle:idle"}
    for case in CASES.values():
        visited |= {played.session.state for _, played in play(case, content)}
    unread = sorted(set(content.states) - visited)
    assert not unread, f"the state {unread[0]} has no transcript: add one to tests/flows/cases"
