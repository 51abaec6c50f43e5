"""Her own messages of the talk are taken back with ours: their ids are kept while they can be deleted, and no text."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from flows.engine.conversation import Conversation
from flows.engine.step import MOST_WRITTEN
from flows.model.effects import CleanChat, Effect
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming
from tests.flows.standings import NOW, Standing, standing, take


def says(
    content: Conversation, her: Standing, text: str, number: int, minutes: int = 0
) -> tuple[Standing, list[Effect]]:
    """Let her write a message that the channel calls `number`."""
    at = NOW + timedelta(minutes=minutes)
    return take(content, her, Incoming(kind="text", at=at, text=text, message_id=str(number)), at)


def test_a_hurried_exit_takes_her_messages_of_the_talk_back(content: Conversation) -> None:
    """What she wrote beside the case and the word that leaves; once, and nothing of a text is kept for it."""
    her = standing(content, "GetHelp:queued", case=CaseSeen("c1", "4821", 2))
    her, _ = says(content, her, "em ở một mình", 11)
    assert "em ở" not in msgspec.json.encode(her.session.written).decode()
    her, effects = says(content, her, "xx", 12)
    assert CleanChat(("11", "12")) in effects
    assert her.session.written == ()


def test_what_can_no_longer_be_deleted_is_not_remembered(content: Conversation) -> None:
    """After 47 hours an id is dropped, and never are more than sixty kept."""
    her = standing(content, "GetHelp:queued", case=CaseSeen("c1", "4821", 2))
    for number in range(MOST_WRITTEN + 5):
        her, _ = says(content, her, "em đây", number)
    assert [one.id for one in her.session.written] == [str(n) for n in range(5, MOST_WRITTEN + 5)]
    her, effects = says(content, her, "xx", 99, minutes=47 * 60)
    assert CleanChat(("99",)) in effects


def test_reading_the_notebook_leaves_no_trail_of_ids(content: Conversation) -> None:
    """Where nothing is private nothing is remembered."""
    her, _ = says(content, standing(content, "Menu:menu"), "menu", 7)
    assert her.session.written == ()
