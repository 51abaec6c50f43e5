"""A new action, condition or prompt is one decorated function: a flow names it, and the conversation does it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from content.findings import ContentErrors
from flows.all_features import REGISTRY
from flows.context import Context
from flows.engine.conversation import Conversation
from flows.engine.loader import PACKAGED, load_flows
from flows.engine.step import step
from flows.load import content_for
from flows.model.definition import State, StatesGroup
from flows.model.effects import Say
from flows.model.facts import Facts
from flows.model.messages import Incoming, Outgoing
from flows.model.session import Session
from flows.registry import Registry
from flows.rendering.phrasing import Phrasing

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
FLOW = """
flow: Rest
states:
  - name: here
    tell: times_rested
    choices: privacy_clear_next
    expect: [choices, text]
    timeout: 10m
transitions:
  - {trigger: exit, source: "Settings:choose", dest: here, conditions: [on_the_hour], before: [count_rest]}
"""
LONG = "Bạn đã nghỉ. " * 400


def count_rest(context: Context) -> None:
    """Count one more rest."""
    context.update_data(rests=str(int(context.session.data.get("rests", "0")) + 1))


def on_the_hour(context: Context) -> bool:
    """The minute hand stands at twelve."""
    return context.now.minute == 0


def times_rested(context: Context, state: State) -> Outgoing:
    """Return how often she rested."""
    return Outgoing(f"Bạn đã nghỉ {context.session.data.get('rests', '0')} lần.")


def registered(*, without: str = "") -> Registry:
    """Return a registry that has the three functions as well, but for one of them."""
    registry = REGISTRY.copy()
    for register, function in (
        (registry.action(), count_rest),
        (registry.condition(), on_the_hour),
        (registry.prompt(), times_rested),
    ):
        if function.__name__ != without:
            register(function)  # type: ignore[operator]
    return registry


@pytest.fixture
def groups(tmp_path: Path) -> list[StatesGroup]:
    """The packaged flows and the one that names the three functions."""
    shutil.copytree(PACKAGED, tmp_path / "flows")
    (tmp_path / "flows" / "rest.yaml").write_text(FLOW, "utf-8")
    return load_flows(tmp_path / "flows")


def choose_exit(content: Conversation, now: datetime) -> tuple[Session, list[str]]:
    """Let somebody choose `exit` among the settings; her session, and what is said."""
    card = content.card(content.states["Settings:choose"].say, "vi")
    session = Session(state="Settings:choose", prompt=card.choices, last_at=now - timedelta(minutes=1))
    number = [choice.value for choice in card.choices].index("exit") + 1
    session, _, effects = step(session, Facts(), Incoming("text", now, text=str(number)), now, content)
    return session, [effect.outgoing.text for effect in effects if isinstance(effect, Say)]


def test_a_registered_function_is_all_that_a_flow_needs(content: Conversation, groups: list[StatesGroup]) -> None:
    """The check accepts the flow, the action runs, the prompt says its words with the card's question below."""
    new = content_for(content.library, groups, registered())
    session, said = choose_exit(new, NOW)
    assert (session.state, session.data["rests"]) == ("Rest:here", "1")
    assert said == [f"Bạn đã nghỉ 1 lần.\n\n{content.card('privacy_clear_next', 'vi').text}"]
    assert [choice.value for choice in session.prompt] == ["human", "menu"]


def test_a_registered_condition_decides(content: Conversation, groups: list[StatesGroup]) -> None:
    """Where it does not hold, the next transition is taken."""
    new = content_for(content.library, groups, registered())
    session, _ = choose_exit(new, NOW + timedelta(minutes=1))
    assert session.state == "Settings:exit"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("count_rest", 'the transition "exit": there is no action "count_rest"'),
        ("on_the_hour", 'the transition "exit": there is no condition "on_the_hour"'),
        ("times_rested", 'the state Rest:here: tell: there is no prompt "times_rested"'),
    ],
)
def test_a_name_that_is_not_registered_is_found(
    content: Conversation, groups: list[StatesGroup], name: str, says: str
) -> None:
    """The flow file is named, with what could be written instead."""
    with pytest.raises(ContentErrors) as refused:
        content_for(content.library, groups, registered(without=name))
    [found] = refused.value.findings
    assert says in found.message
    assert found.file == "flows/definitions/rest.yaml"
    assert found.remedy.startswith("use one of: ")


def long_samples(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    """Yield words that no phone shows as one message."""
    yield Outgoing(LONG)


def failing(context: Context, state: State) -> Outgoing:
    """Know nothing of somebody new."""
    raise KeyError(context.session.data["rests"])


def test_a_prompt_is_held_to_the_limits_of_every_channel(content: Conversation, groups: list[StatesGroup]) -> None:
    """By its samples; without any, by what it tells somebody new."""
    with_samples, without = registered(without="times_rested"), registered(without="times_rested")
    with_samples.prompt(samples=long_samples)(times_rested)
    without.prompt("times_rested")(lambda context, state: Outgoing(LONG))
    for registry in (with_samples, without):
        with pytest.raises(ContentErrors, match=r"the state Rest:here .*it would be cut into"):
            content_for(content.library, groups, registry)


def test_a_prompt_that_cannot_be_told_to_somebody_new_is_asked_for_samples(
    content: Conversation, groups: list[StatesGroup]
) -> None:
    """A mistake of a prompt is a finding with its place, never an end of the check."""
    registry = registered(without="times_rested")
    registry.prompt("times_rested")(failing)
    with pytest.raises(ContentErrors) as refused:
        content_for(content.library, groups, registry)
    assert {found.file for found in refused.value.findings} == {"flows/definitions/rest.yaml"}
    assert 'the prompt "times_rested" fails with somebody new (KeyError' in refused.value.findings[0].message
    assert "samples=" in refused.value.findings[0].remedy


def test_what_an_action_sends_must_exist(content: Conversation, groups: list[StatesGroup]) -> None:
    """Its cards and shelves stand in the decorator and are looked up like a state's card."""
    registry = registered(without="count_rest")
    registry.action(cards=("rest_told",), shelves=("rests",), agreement="rest_offer")(count_rest)
    with pytest.raises(ContentErrors) as refused:
        content_for(content.library, groups, registry)
    told = sorted(found.message.partition(": ")[2] for found in refused.value.findings)
    assert told == [
        'the action "count_rest" reads the shelf "rests", which is empty',
        'the action "count_rest" sends the card "rest_offer", which does not exist',
        'the action "count_rest" sends the card "rest_told", which does not exist',
    ]
