"""A flow file says once what holds for its states: the defaults at its head."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from content.findings import ContentErrors
from flows.engine.loader import load_flows

FLOW = """
flow: Rest
defaults:
  expect: [choices, text]
  timeout: 10m
  sensitive: true
states:
  - name: here
    say: menu
  - name: there
    say: menu
    expect: [voice]
    timeout: never
    sensitive: false
transitions: []
"""


def load(folder: Path, flow: str) -> list[tuple[tuple[str, ...], timedelta | None, bool, bool]]:
    """Write one flow file and load it; what its states expect, how long, if that is said, and if it is sensitive."""
    (folder / "rest.yaml").write_text(flow, "utf-8")
    [group] = load_flows(folder)
    return [(state.expect, state.timeout, state.timeout_given, state.sensitive) for state in group.states]


def test_a_state_has_the_defaults_of_its_flow_unless_it_says_its_own(tmp_path: Path) -> None:
    """Each field for itself; `never` and `false` are said as well."""
    here, there = load(tmp_path, FLOW)
    assert here == (("choices", "text"), timedelta(minutes=10), True, True)
    assert there == (("voice",), None, True, False)


def test_a_flow_without_defaults_says_everything_in_its_states(tmp_path: Path) -> None:
    """What no state and no default says is not said."""
    without = FLOW.replace("defaults:\n  expect: [choices, text]\n  timeout: 10m\n  sensitive: true\n", "")
    here, there = load(tmp_path, without)
    assert here == ((), None, False, False)
    assert there == (("voice",), None, True, False)


def test_a_wrong_default_is_told_once_at_its_own_line(tmp_path: Path) -> None:
    """Not again for each state that has it."""
    with pytest.raises(ContentErrors) as refused:
        load(tmp_path, FLOW.replace("10m", "soon"))
    [found] = refused.value.findings
    assert (found.file, found.line) == ("flows/definitions/rest.yaml", 5)
    assert found.message == 'defaults.timeout: "soon" is not a time'
