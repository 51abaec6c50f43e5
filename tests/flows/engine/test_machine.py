"""The compiled machine: what of the `transitions` library we lean on, and what it costs."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest
import transitions

from flows.all_features import REGISTRY
from flows.context import Context
from flows.engine.conversation import Conversation
from flows.engine.machine import Engine
from flows.engine.step import step, unreadable
from flows.model.definition import State, StatesGroup, Transition
from flows.model.facts import CareSeen, CaseSeen, Facts
from flows.model.messages import Incoming
from flows.model.session import Session
from flows.registry import Registry

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def test_the_library_is_the_version_whose_inside_we_use() -> None:
    """`machine.events` and `Event.transitions` are half public: another version must pass this file first."""
    assert transitions.__version__ == "0.9.3"


def test_the_order_is_before_then_words_then_after(content: Conversation) -> None:
    """A flow may rely on it: numbers before the question, silence after the goodbye."""
    told: list[str] = []
    engine = small_engine(told, Transition("go", ("A:one",), "A:two", before=("first",), after=("last",)))
    context = content.context(Session(state="A:one"), Facts(), Incoming(kind="text", at=NOW), NOW)
    assert engine.fire("go", context)
    assert told == ["first", "A:two", "last"]
    assert context.session.state == "A:two"


def test_what_a_state_says_for_itself_wins_over_everywhere(content: Conversation) -> None:
    """The order of the files does not matter: a state's own transition is tried first."""
    told: list[str] = []
    engine = small_engine(told, Transition("go", ("*",), "A:two"), Transition("go", ("A:one",), "=", before=("first",)))
    context = content.context(Session(state="A:one"), Facts(), Incoming(kind="text", at=NOW), NOW)
    assert engine.fire("go", context)
    assert (told, context.session.state) == (["first", "A:one"], "A:one")


def test_a_stay_changes_nothing_and_says_nothing(content: Conversation) -> None:
    """A transition without `dest` runs its actions; the state is not entered again."""
    told: list[str] = []
    engine = small_engine(told, Transition("go", ("A:one",), None, before=("first",)))
    context = content.context(Session(state="A:one"), Facts(), Incoming(kind="text", at=NOW), NOW)
    assert engine.fire("go", context)
    assert (told, context.session.state) == (["first"], "A:one")


def test_a_trigger_that_leads_nowhere_is_no_error(content: Conversation) -> None:
    """`fire` says False for a trigger the state does not know, and for conditions that refuse."""
    engine = small_engine([], Transition("go", ("A:one",), "A:two", conditions=("never",)))
    context = content.context(Session(state="A:one"), Facts(), Incoming(kind="text", at=NOW), NOW)
    assert not engine.fire("go", context)
    assert not engine.fire("fly", context)
    assert context.session.state == "A:one"


def test_states_and_groups_are_named_as_in_aiogram(content: Conversation) -> None:
    """A state of a group is `Group:state`; a group gives its states by name."""
    group = next(group for group in content.groups if group.name == "GetHelp")
    assert group["danger_now"].state == "GetHelp:danger_now"
    with pytest.raises(KeyError, match="GetHelp has no state 'nowhere'"):
        group["nowhere"]


def test_a_person_leaves_nothing_behind_in_the_machine(content: Conversation) -> None:
    """Ten thousand conversations do not grow the one machine they share."""
    step(Session(), Facts(), said("menu"), NOW, content)
    tracemalloc.start()
    for _ in range(2000):
        step(Session(), Facts(), said("menu"), NOW, content)
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(8000):
        step(Session(), Facts(), said("menu"), NOW, content)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 200_000


def test_what_a_step_is_given_is_never_changed(content: Conversation) -> None:
    """The step returns a new session and new facts; those it was given can be used again after a failed commit."""
    session = Session(data={"card": "0"}, state="Topics:offers")
    for facts in (Facts(on_duty=True), Facts(case=CaseSeen("c1", "K7M2", 3, answered=True), care=CareSeen("active"))):
        before = msgspec.json.encode([session, facts])
        for text in ("menu", "1", "1", "cứu em với", "xx", "dung"):
            step(session, facts, said(text), NOW, content)
            step(session, facts, Incoming("edit", NOW, text=text, message_id="7"), NOW, content)
        unreadable(session, facts, NOW, content)
        assert msgspec.json.encode([session, facts]) == before


def test_the_speed_is_printed(content: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    """Steps per second with the session decoded and encoded around each; a figure, not a promise."""
    encoder, decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Session)
    held = encoder.encode(Session())
    texts = ("menu", "1", "1", "3", "2", "1", "cứu em với", "1")
    begun = time.process_time()
    for number in range(4000):
        session, *_ = step(decoder.decode(held), Facts(), said(texts[number % 8]), NOW, content)
        held = encoder.encode(session)
    spent = time.process_time() - begun
    with capsys.disabled():
        sys.stdout.write(f"\nengine: {4000 / spent:,.0f} steps/s with decode and encode\n")
    assert decoder.decode(held).state in content.states


def said(text: str) -> Incoming:
    """Return a typed message."""
    return Incoming(kind="text", at=NOW, text=text)


def small_engine(told: list[str], *ways: Transition) -> Engine:
    """Compile two states, with actions that tell when they run."""

    def note(name: str) -> Callable[[Context], None]:
        return lambda context: told.append(name)

    group = StatesGroup("A", "a.yaml", (State("A", "one"), State("A", "two")), ways)
    registry = Registry()
    for name in ("first", "last"):
        registry.action(name)(note(name))
    registry.condition("never")(lambda context: False)
    return Engine([group], registry, lambda _, state: told.append(state.state))


def test_every_action_and_condition_is_used_by_some_flow(content: Conversation) -> None:
    """A name no flow file writes is dead weight."""
    ways = [way for group in content.groups for way in group.transitions]
    used = {name for way in ways for name in (*way.before, *way.after)}
    asked = {name for way in ways for name in (*way.conditions, *way.unless)}
    assert sorted(set(REGISTRY.actions) - used) == []
    assert sorted(set(REGISTRY.conditions) - asked) == []
