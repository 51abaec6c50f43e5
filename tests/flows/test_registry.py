"""Actions, conditions and prompts are registered beside their code; what cannot be is refused when it is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import features
from flows.all_features import REGISTRY
from flows.context import Context
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.registry import RegistrationError, Registry

ORDER = "from flows.all_features import REGISTRY as r; print(*r.actions, *r.conditions, *r.prompts)"


def rest(context: Context) -> None:
    """Do nothing."""


def rested(context: Context) -> bool:
    """Hold always."""
    return True


def rest_told(context: Context, state: State) -> Outgoing:
    """Say a word."""
    return Outgoing("nghỉ")


TWICE: dict[str, Callable[[Registry], object]] = {
    "action": lambda registry: registry.action()(rest),
    "condition": lambda registry: registry.condition("rest")(rested),
    "prompt": lambda registry: registry.prompt("rest")(rest_told),
}


@pytest.mark.parametrize("kind", TWICE)
def test_a_name_given_twice_is_refused(kind: str) -> None:
    """Two functions of one name would do something else than a flow's reader thinks: both places are named."""
    registry = Registry()
    TWICE[kind](registry)
    with pytest.raises(RegistrationError) as refused:
        TWICE[kind](registry)
    place = r"tests/flows/test_registry.py:\d+"
    refused.match(f'there are two {kind}s of the name "rest": {place} and {place}; rename one of them')


def test_an_action_a_condition_and_a_prompt_may_share_a_name() -> None:
    """A flow file writes them in places of their own."""
    registry = Registry()
    for register in TWICE.values():
        register(registry)
    assert (*registry.actions, *registry.conditions, *registry.prompts) == ("rest", "rest", "rest")


def test_a_purpose_that_does_not_exist_is_refused() -> None:
    """A misspelt consent would be asked for by no state, or hold for everybody."""
    registry = Registry()
    with pytest.raises(RegistrationError, match=r'the action "rest" names the purpose "C44".*use one of C2, C3'):
        registry.action(consent="C44")(rest)
    with pytest.raises(RegistrationError, match=r'the condition "rested" names the purpose "voice".*consent\.py'):
        registry.condition(proves="voice")(rested)
    assert not registry.actions
    assert not registry.conditions


def test_a_name_that_no_flow_file_could_write_is_refused() -> None:
    """A function without a name, or with one in capitals, is told how to be written."""
    with pytest.raises(RegistrationError, match=r'"<lambda>" is no name of a condition .*write it like take_place'):
        Registry().condition()(lambda context: True)


def test_a_consent_and_a_reason_for_none_are_refused() -> None:
    """Only one of them can be true."""
    with pytest.raises(RegistrationError, match='"rest" names a consent and says why it needs none'):
        Registry().action(consent="C4", without_consent="it lets go")(rest)


def test_every_module_of_the_features_is_loaded() -> None:
    """A module that lies in the folder is registered without being named anywhere else."""
    names = {f"flows.features.{file.stem}" for file in Path(features.__path__[0]).glob("[!_]*.py")}
    assert len(names) > 15
    assert names <= sys.modules.keys()


def test_features_are_loaded_in_one_order() -> None:
    """The tables do not depend on the order of a folder or on the hashes of a process."""
    here = " ".join((*REGISTRY.actions, *REGISTRY.conditions, *REGISTRY.prompts))
    told = subprocess.run(
        [sys.executable, "-c", ORDER],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert told.stdout.split() == here.split()


def test_a_copy_leaves_the_registry_as_it_is() -> None:
    """What a test registers is not there for anybody else."""
    copy = REGISTRY.copy()
    copy.action("rest_a_while")(rest)
    assert "rest_a_while" in copy.actions
    assert "rest_a_while" not in REGISTRY.actions
