"""Fifteen mistakes planted in the flows: each is found, and told with the taps that lead to where it would be met."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from flows.checks.graph import START, FlowGraph
from flows.checks.run import check_flows
from flows.checks.shortest_paths import ShortestPaths
from flows.engine.conversation import Conversation
from flows.engine.loader import PACKAGED, load_flows
from flows.model.definition import StatesGroup


class PlantedPath(NamedTuple):
    """Replace `old` by `new` in one flow file; then `says` must be told, with `way` as the end of the way there."""

    file: str
    old: str
    new: str
    says: str
    way: str


MENU = "Idle:idle, (text) Menu:menu"
TIP = (
    "“Báo tin, gửi câu hỏi” Pages:speak, “Báo điều đáng ngờ” Tip:danger, “Không” Tip:kind, “Rủ đi làm, đi xa” Tip:place"
)
MISTAKES = {
    "a state nobody reaches": PlantedPath(
        "pages.yaml",
        '  - {trigger: speak, source: "Topics:safety", dest: speak}\n',
        "",
        "the state Pages:speak: nobody can reach it",
        "no way leads there",
    ),
    "an answer that leads nowhere": PlantedPath(
        "quiz.yaml",
        "  - {trigger: again, source: done, dest: question, before: [first_card]}\n",
        "",
        'the state Quiz:done: the choice "again" leads nowhere',
        "“Có” Quiz:done",
    ),
    "an answer only under a condition": PlantedPath(
        "quiz.yaml",
        "  - {trigger: choice, source: question, dest: done, before: [explain_answer]}\n",
        "",
        'the state Quiz:question: the choice "yes" may find no answer',
        f"{MENU}, “Giữ an toàn” Topics:safety, “Đố vui” Quiz:question",
    ),
    "help more than two taps away": PlantedPath(
        "everywhere.yaml",
        'trigger: menu, source: "*", dest: "Menu:menu"',
        'trigger: menu, source: "*", dest: "Exit:stopped"',
        "the state Exit:unclear: help is more than 2 taps away",
        "Idle:idle, (dung) Exit:unclear",
    ),
    "a cry not heard in one state": PlantedPath(
        "cry.yaml",
        '{trigger: cry, source: "*", dest: "GetHelp:where"',
        '{trigger: cry, source: danger, dest: "GetHelp:where"',
        'the state Menu:menu: no way to help: "cry"',
        "Idle:idle, (text) Menu:menu",
    ),
    "a state without stop": PlantedPath(
        "exit.yaml",
        '{trigger: stop, source: "*"',
        '{trigger: stop, source: "Menu:menu"',
        'the state Tip:when: no way to stop: "stop"',
        f"{TIP}, “Bỏ qua” Tip:when",
    ),
    "a state that waits for nothing": PlantedPath(
        "privacy.yaml",
        "expect: [text, voice, image, location]",
        "expect: [nothing]",
        "the state Privacy:forgotten: dead end: it expects nothing",
        "“Xóa mọi thứ về tôi” Privacy:forget_case, “Vẫn muốn xóa” Privacy:forgotten",
    ),
    "a topic that is not understood everywhere": PlantedPath(
        "papers.yaml",
        '{trigger: documents, source: "*"',
        '{trigger: documents, source: "Menu:menu"',
        'the state Youth:start: dead end: "documents" may find no answer',
        "“Cho học sinh, dưới 18 tuổi” Youth:start",
    ),
    "a state without a timeout": PlantedPath(
        "livelihood.yaml",
        "  timeout: 24h\n",
        "",
        "the state Livelihood:about: it has no timeout",
        "“Việc làm, học nghề, vốn” Livelihood:choose, “Nhóm tiết kiệm” Livelihood:about",
    ),
    "a tip kept before the yes": PlantedPath(
        "tip.yaml",
        "dest: confirm, before: [note_tip_when]",
        "dest: confirm, before: [note_tip_when, send_tip]",
        "send_tip keeps something before a yes to tip",
        f"{TIP}, “Bỏ qua” Tip:when, “Hôm nay”",
    ),
    "ticks kept without being asked for": PlantedPath(
        "checklist.yaml",
        "dest: result, before: [note_answer]",
        "dest: result, before: [note_answer, keep_checklist]",
        "keep_checklist keeps something before a yes to checklist",
        "“Xem từng việc” Checklist:item, “Xong rồi”",
    ),
    "her hours asked for before she agreed": PlantedPath(
        "agreement.yaml",
        '{trigger: check_ins, source: "Settings:choose", dest: offer}',
        '{trigger: check_ins, source: "Settings:choose", dest: hours}',
        "take_hours keeps something before a yes to C4",
        "“Hỏi thăm” Agreement:hours, “Sáng, 9 đến 11 giờ”",
    ),
    "a question about consent without a no": PlantedPath(
        "tip.yaml",
        "given_by: [send]",
        "given_by: [send, decline]",
        "the state Tip:confirm: it asks for consent but offers no answer that is a no",
        "",
    ),
    "a transition another one always takes": PlantedPath(
        "quiz.yaml",
        '  - {trigger: choice, source: question, dest: "="',
        '  - {trigger: choice, source: question, dest: done}\n  - {trigger: choice, source: question, dest: "="',
        'the transition "choice" of Quiz:question: another one always takes it first',
        "",
    ),
    "a choice that opens no page": PlantedPath(
        "papers.yaml",
        "topic: papers",
        "topic: privacy",
        'the state Papers:choose: the choice "birth" opens no page',
        "",
    ),
    "a list of questions nobody wrote": PlantedPath(
        "checker.yaml",
        "topic: check_study",
        "topic: check_studies",
        "the state Checker:study: topic: there is no card on the shelf",
        "Checker:choose, “Du học” Checker:study",
    ),
}


@pytest.mark.parametrize("planted", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_planted_mistake_is_told_with_the_way_to_it(
    planted: PlantedPath, content: Conversation, tmp_path: Path
) -> None:
    """Whoever mends it can walk there: the finding ends with the taps, in the words of the buttons."""
    found = [finding.message for finding in check_flows(replanted(tmp_path, planted), content.library)]
    told = [message for message in found if planted.says in message]
    assert told, found
    assert told[0].endswith(planted.way), told
    assert not planted.way or "; the way there: " in told[0] or planted.way in told[0]


@cache
def packaged() -> tuple[StatesGroup, ...]:
    """The flows as they are shipped, read once."""
    return tuple(load_flows())


def replanted(folder: Path, planted: PlantedPath) -> list[StatesGroup]:
    """Return the packaged flows with one file read again after a mistake was written into it."""
    text = (PACKAGED / planted.file).read_text("utf-8")
    assert planted.old in text, f"{planted.file} no longer contains {planted.old!r}: plant the mistake elsewhere"
    (folder / planted.file).write_text(text.replace(planted.old, planted.new, 1), "utf-8")
    [spoilt] = load_flows(folder)
    return [spoilt if group.name == spoilt.name else group for group in packaged()]


def test_the_shortest_way_is_told(content: Conversation) -> None:
    """Every state has a way, no way is longer than a conversation, and a state at hand is one tap away."""
    ways = ShortestPaths(FlowGraph(packaged(), content.library))
    assert ways.reached == set(content.states)
    lengths = {state: len(ways.steps(state) or []) for state in content.states if state != START}
    assert max(lengths.values()) <= 9
    assert ways.to("Settings:choose") == f"{MENU}, “Cài đặt · Language” Settings:choose"
    assert ways.steps("Nowhere:at_all") is None
