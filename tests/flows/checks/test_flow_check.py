"""Mistakes planted in the flow files, one at a time: each is found, placed and answered with what would be right."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from content.findings import ContentErrors
from flows.checks.run import findings
from flows.engine.conversation import Conversation
from flows.engine.loader import PACKAGED, read_flows
from flows.load import content_for


class PlantedMistake(NamedTuple):
    """Replace `old` by `new` in one packaged file; then `says` must be told at the line of `at`, with `remedy`."""

    file: str
    old: str
    new: str
    at: str
    says: str
    remedy: str


MISTAKES = {
    "unknown card": PlantedMistake(
        "menu.yaml",
        "choices: menu",
        "choices: menuu",
        "- name: menu",
        'there is no card "menuu"',
        "write it in content/data/cards/vi",
    ),
    "unknown choices card": PlantedMistake(
        "services.yaml",
        "choices: services_next",
        "choices: next",
        "- name: here",
        'choices: there is no card "next"',
        "fix the name",
    ),
    "unknown prompt": PlantedMistake(
        "get_help.yaml",
        "tell: hand_off",
        "tell: handoff",
        "- name: alone",
        'no prompt "handoff"',
        "hand_off",
    ),
    "empty shelf": PlantedMistake(
        "topics.yaml",
        "topic: journey",
        "topic: journeys",
        "- name: journey",
        'no card on the shelf "journeys"',
        "journey",
    ),
    "unknown destination": PlantedMistake(
        "settings.yaml",
        "{trigger: exit, source: choose, dest: exit}",
        "{trigger: exit, source: choose, dest: exits}",
        "{trigger: exit,",
        'dest: there is no state "Settings:exits"',
        "Settings:exit",
    ),
    "unknown source": PlantedMistake(
        "menu.yaml",
        'source: menu, dest: "Services:where"',
        'source: menus, dest: "Services:where"',
        "source: menus",
        'source: there is no state "Menu:menus"',
        "Menu:menu",
    ),
    "unknown condition": PlantedMistake(
        "topics.yaml",
        "[more_cards]",
        "[more_card]",
        "[more_card]",
        'no condition "more_card"',
        "more_cards",
    ),
    "unknown action": PlantedMistake(
        "cry.yaml",
        "before: [say_calm]",
        "before: [say_clam]",
        "say_clam",
        'no action "say_clam"',
        "say_calm",
    ),
    "two states of one name": PlantedMistake(
        "settings.yaml",
        "- name: language",
        "- name: choose",
        "- name: choose",
        "two states of this name",
        "rename",
    ),
    "missing timeout": PlantedMistake(
        "menu.yaml",
        "  timeout: 24h\n",
        "",
        "- name: menu",
        "it has no timeout",
        "timeout: 10m",
    ),
    "sensitive and waiting for ever": PlantedMistake(
        "services.yaml",
        "say: services_where",
        "say: services_where\n    timeout: never",
        "- name: where",
        "waits for ever",
        "10m",
    ),
    "a time that is none": PlantedMistake(
        "recording.yaml",
        "timeout: 2h",
        "timeout: soon",
        "timeout: soon",
        'states.2.timeout: "soon" is not a time',
        "10m, 24h, or never",
    ),
    "a default time that is none": PlantedMistake(
        "menu.yaml",
        "timeout: 24h",
        "timeout: soon",
        "timeout: soon",
        'defaults.timeout: "soon" is not a time',
        "10m, 24h, or never",
    ),
    "a default that only a state can say": PlantedMistake(
        "menu.yaml",
        "  timeout: 24h",
        "  timeout: 24h\n  say: menu",
        "defaults:",
        "defaults: object contains unknown field `say`",
        "the fields here are: expect, timeout, sensitive, for_people",
    ),
    "a default that nobody can expect": PlantedMistake(
        "menu.yaml",
        "expect: [choices, text]",
        "expect: [choices, smell]",
        "expect: [choices, smell]",
        'defaults.expect: "smell" cannot be expected',
        "voice",
    ),
    "something nobody can expect": PlantedMistake(
        "recording.yaml",
        "expect: [voice, choices, text]",
        "expect: [voice, choices, smell]",
        "expect: [voice, choices, smell]",
        'states.2.expect: "smell" cannot be expected',
        "voice",
    ),
    "unknown field": PlantedMistake(
        "menu.yaml",
        "tell: first_page",
        "says: first_page",
        "- name: menu",
        "unknown field `says`",
        "say",
    ),
    "choice without a transition": PlantedMistake(
        "settings.yaml",
        "  - {trigger: language, source: choose, dest: language}\n",
        "",
        "- name: choose",
        'the choice "language" leads nowhere',
        "trigger: language",
    ),
    "unreachable state": PlantedMistake(
        "topics.yaml",
        "source: card, dest: finished",
        'source: card, dest: "Menu:menu"',
        "- name: finished",
        "nobody can reach it",
        "add a transition",
    ),
    "dead end: nothing expected": PlantedMistake(
        "silent_call.yaml",
        "expect: [text, voice, image, location]",
        "expect: [nothing]",
        "- name: kept",
        "dead end: it expects nothing",
        "expect choices",
    ),
    "dead end: a choice where none is offered": PlantedMistake(
        "silent_call.yaml",
        "expect: [text, voice, image, location]",
        "expect: [choices]",
        "- name: kept",
        "expects a choice but offers none",
        "give its card choices",
    ),
    "dead end: words nobody answers": PlantedMistake(
        "everywhere.yaml",
        '  - {trigger: text, source: "*", dest: "=", before: [say_not_understood]}\n',
        "",
        "",
        'dead end: "text" may find no answer',
        'from "*"',
    ),
    "state without stop": PlantedMistake(
        "exit.yaml",
        '{trigger: stop, source: "*", dest: stopped',
        '{trigger: stop, source: ["Menu:menu"], dest: stopped',
        "",
        'no way to stop: "stop" is not understood',
        'let "stop" leave every state',
    ),
    "a transition nothing fires": PlantedMistake(
        "menu.yaml",
        "{trigger: settings, source: menu",
        "{trigger: setting, source: menu",
        "{trigger: setting,",
        "nothing a person does fires it",
        "name a value of a choice",
    ),
    "an alias": PlantedMistake(
        "menu.yaml",
        "choices: menu",
        "choices: &words menu",
        "choices: &words menu",
        "an anchor &words",
        "write the value out",
    ),
    "a value YAML would change": PlantedMistake(
        "get_help.yaml",
        '{trigger: "no", source: danger_now, dest: where',
        "{trigger: no, source: danger_now, dest: where",
        "{trigger: no,",
        "no is read as a yes/no value",
        'quote it: "no"',
    ),
}


@pytest.mark.parametrize("planted", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_planted_mistake_is_found_with_file_line_and_remedy(
    planted: PlantedMistake, content: Conversation, tmp_path: Path
) -> None:
    """Each mistake yields a finding that names the file, the line, what is wrong and what would be right."""
    root = plant(tmp_path, planted.file, planted.old, planted.new)
    found = [f for f in findings(content.library, root) if planted.says in f.message]
    assert found, [str(f) for f in findings(content.library, root)]
    assert any(planted.remedy in f.remedy for f in found), [f.remedy for f in found]
    if planted.at:
        lines = (root / planted.file).read_text("utf-8").splitlines()
        line = next(number for number, text in enumerate(lines, 1) if planted.at in text)
        assert line in {f.line for f in found}
        assert {f.file for f in found} == {f"flows/definitions/{planted.file}"}


def test_a_state_where_a_cry_is_not_heard_is_found(content: Conversation, tmp_path: Path) -> None:
    """A flow set whose cries are understood in some states only is refused, state by state."""
    root = plant(tmp_path, "cry.yaml", 'trigger: cry, source: "*"', "trigger: cry, source: danger", count=9)
    found = [f.message for f in findings(content.library, root)]
    lost = (
        'the state Menu:menu: no way to help: "cry" is not understood there; the way there: Idle:idle, (text) Menu:menu'
    )
    assert lost in found
    assert not any("the state Cry:danger: no way to help" in message for message in found)


def test_the_packaged_flows_have_no_mistake(content: Conversation) -> None:
    """What we ship passes its own check."""
    assert findings(content.library) == []


def test_a_broken_flow_is_refused_before_anything_is_compiled(content: Conversation, tmp_path: Path) -> None:
    """Compiling raises ContentErrors with the findings instead of failing at the first person."""
    root = plant(tmp_path, "menu.yaml", "choices: menu", "choices: menuu")
    groups, unread = read_flows(root)
    assert unread == []
    with pytest.raises(ContentErrors, match="menuu"):
        content_for(content.library, groups)


def plant(tmp_path: Path, file: str, old: str, new: str, count: int = 1) -> Path:
    """Copy the packaged flows and write one mistake into them."""
    root = tmp_path / "definitions"
    shutil.copytree(PACKAGED, root)
    text = (root / file).read_text("utf-8")
    assert old in text, f"{file} no longer contains {old!r}: plant the mistake elsewhere"
    (root / file).write_text(text.replace(old, new, count), "utf-8")
    return root
