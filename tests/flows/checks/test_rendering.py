"""Mistakes that only a phone would show: a question that does not fit, answers that read like something else."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from content.library import Library
from content.loader import PACKAGED, gather
from flows.checks.run import findings
from flows.engine.conversation import Conversation


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param(
            '"Thôi nhận tin"',
            '"Dừng"',
            'the state Exit:unclear (vi): "dung" would be taken for the choice "Dừng"',
            id="toneless dung would be stop",
        ),
        pytest.param(
            '{label: "Ngoài chợ", value: abroad}',
            '{label: "Trong vuon", value: abroad}',
            "the state SilentCall:where (vi): the choice",
            id="two answers that only a tone tells apart",
        ),
        pytest.param(
            '{label: "Ngoài chợ", value: abroad}',
            '{label: "Ngoài chợ", value: vn}',
            'the state SilentCall:where (vi): two choices mean "vn"',
            id="two answers of one meaning",
        ),
    ],
)
def test_answers_that_cannot_be_told_apart_are_found(old: str, new: str, says: str, tmp_path: Path) -> None:
    """The finding names the state, the language and the choice."""
    library = planted(tmp_path, "cards/vi/flow.yaml", old, new)
    assert [f for f in findings(library) if says in f.message], [f.message for f in findings(library)]


def test_answers_missing_in_one_language_are_found(tmp_path: Path) -> None:
    """An English card with other values than the Vietnamese one would lead elsewhere."""
    library = planted(tmp_path, "cards/en/flow.yaml", '      - {label: "The market", value: abroad}\n', "")
    says = "the state SilentCall:where (en): it offers other answers than in Vietnamese"
    assert says in [f.message for f in findings(library)]


def test_a_question_that_a_channel_would_cut_is_found(content: Conversation, tmp_path: Path) -> None:
    """The state, the channel, the size and the limit are named; the state's line in its flow file too."""
    library = gather(PACKAGED)[0]
    assert library is not None
    limits = library.limits["zalo_oa"]
    library.limits["zalo_oa"] = msgspec.structs.replace(limits, text_max=150)
    found = [f for f in findings(library) if "the state GetHelp:queued (vi)" in f.message]
    assert "on zalo_oa it would be cut into 2 messages" in found[0].message
    assert "at most 150 characters" in found[0].remedy
    assert (found[0].file, found[0].line) == ("flows/definitions/get_help.yaml", content.states["GetHelp:queued"].line)


def planted(tmp_path: Path, file: str, old: str, new: str) -> Library:
    """Load a copy of the packaged content in which one mistake has been written."""
    root = tmp_path / "content"
    shutil.copytree(PACKAGED, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (root / file).read_text("utf-8")
    assert old in text, f"{file} no longer contains {old!r}: plant the mistake elsewhere"
    (root / file).write_text(text.replace(old, new, 1), "utf-8")
    library, broken = gather(root)
    assert library is not None, broken
    return library
