"""`nhipcau content audio` tells what is silent, fails a build that requires a voice, and prints what to read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import copy
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.content import REASONS, seconds
from bot.cli.main import app
from content.checks.recordings import audio_findings
from content.library import Library
from content.loader import PACKAGED, _ContentReader, load
from content.recording_scripts import script, wanted
from content.recordings.loader import read_audio
from tests.support import content as shared_content

TONE = "tones/walk.aac"
INDEX = "audio/index.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    """The packaged content."""
    return load()


def run(*arguments: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    outcome = CliRunner().invoke(app, ["content", "audio", *arguments])
    return outcome.exit_code, outcome.output


def test_coverage_is_told_and_can_be_required() -> None:
    """Languages stand in the order they are wanted in; a requirement not met names its cards; tones are no voice."""
    code, told = run()
    assert code == 0
    assert [line.split()[0] for line in told.splitlines()[:5]] == ["vi", "hmn", "blt", "twh", "km"]
    assert "0 of" in told.splitlines()[0]
    code, told = run("--require", "vi:flow", "--require", "hmn")
    assert code == 1
    required = [line for line in told.splitlines() if "silent:" in line]
    assert [line.partition(" ")[0] for line in required] == ["vi:flow:", "hmn:"]
    assert "menu" in required[0]
    assert run("--require", "tlh")[0] == 1


def test_what_is_recorded_first_is_told_in_its_order_with_the_reason() -> None:
    """A row for each card that carries a talk: its place, how long it takes, why; none is heard yet."""
    _, told = run()
    rows = told.partition("to be recorded first: ")[2].splitlines()
    cards = [one.card for one in shared_content.library().audio.first]
    assert [row.split()[:2] for row in rows[1:]] == [[str(n), card] for n, card in enumerate(cards, 1)]
    assert all(any(reason in row for reason in REASONS.values()) for row in rows[1:])
    assert rows[0].startswith(f"{len(cards)} cards")
    assert "heard:" not in told


@pytest.mark.parametrize("form", [(), ("--plain",)])
def test_scripts_hold_every_silent_card_with_its_answers(library: Library, form: tuple[str, ...]) -> None:
    """Number, neutral words, text and hints, in HTML or as text; nothing is fetched from elsewhere."""
    code, told = run("--scripts", "hmn", *form)
    assert code == 0
    assert "Tiếng Mông" in told
    assert "Câu chuyện hôm nay." in told
    cards = wanted(library)
    assert f"1/{len(cards)}" in told
    assert f"{len(cards)}/{len(cards)}" in told
    for card in cards if form else ():
        assert script(library, card) in told, card
    assert "http" not in told
    assert run("--scripts", "en")[0] == 1


def test_a_card_takes_less_than_a_recording_may_last(library: Library) -> None:
    """Read slowly, with the neutral words before it, nine cards in ten stay under 45 seconds."""
    long = [card for card in wanted(library) if seconds(script(library, card)) + 3 > 45]
    assert len(long) <= len(wanted(library)) // 10, long


def entry(old: str, new: str) -> Callable[[Path], None]:
    """A mistake in the index."""

    def plant(root: Path) -> None:
        path = root / "audio" / "index.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return plant


def file(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """A mistake in a sound."""

    def plant(root: Path) -> None:
        path = root / "audio" / TONE
        path.write_bytes(change(path.read_bytes()))

    return plant


def stranger(root: Path) -> None:
    """A sound that the index does not know."""
    shutil.copy(root / "audio" / TONE, root / "audio" / "x.aac")


PLANTED = [
    pytest.param(entry("card: menu", "card: nothing"), INDEX, "nothing", id="unknown card"),
    pytest.param(entry("card: menu", "card: village_listen"), INDEX, "village_listen", id="card with a slot"),
    pytest.param(entry("lang: vi", "lang: tlh"), INDEX, "tlh", id="unknown language"),
    pytest.param(entry("milliseconds: 2432", "milliseconds: 9"), INDEX, "2432", id="wrong length"),
    pytest.param(entry("bytes: 5368", "bytes: 9"), INDEX, "5368", id="wrong size"),
    pytest.param(entry("format: aac", "format: opus"), INDEX, "aac, not opus", id="wrong format"),
    pytest.param(entry("format: aac", "format: mp3"), INDEX, "mp3", id="a format nobody plays"),
    pytest.param(entry("synthetic: tone", "synthetic: no"), INDEX, "no", id="a voice without the words"),
    pytest.param(file(lambda data: data[:-9]), INDEX, "damaged", id="cut file"),
    pytest.param(file(lambda data: data * 30), INDEX, "45 seconds", id="long file"),
    pytest.param(file(lambda data: data * 70), f"audio/{TONE}", "larger", id="large file"),
    pytest.param(file(lambda _: b"#!AMR"), INDEX, "AMR", id="amr"),
    pytest.param(file(lambda data: data + b"TAG" + bytes(125)), INDEX, "more than", id="file with tags"),
    pytest.param(lambda root: (root / "audio" / TONE).unlink(), INDEX, "missing", id="missing file"),
    pytest.param(stranger, "audio/x.aac", "no entry", id="file nobody names"),
]


@pytest.mark.parametrize(("plant", "where", "named"), PLANTED)
def test_a_mistake_in_the_sound_is_named_with_its_file(
    tmp_path: Path, library: Library, plant: Callable[[Path], object], where: str, named: str
) -> None:
    """What the index says of a file must be what the file is."""
    shutil.copytree(PACKAGED / "audio", tmp_path / "audio", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    plant(tmp_path)
    reader = _ContentReader(tmp_path)
    library = copy(library)
    library.audio = read_audio(reader)
    found = [*reader.findings, *audio_findings(library)]
    assert any(named in finding.message for finding in found if finding.file == where), [str(one) for one in found]


def test_the_sound_that_ships_is_as_its_index_says(library: Library) -> None:
    """Nothing is named that is not there, and nothing is there that is not named."""
    assert list(audio_findings(library)) == []
