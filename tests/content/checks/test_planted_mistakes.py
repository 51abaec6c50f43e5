"""Mistakes planted in a copy of the real content: each is found, with file, line and what would be right."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from content.findings import ContentErrors, Finding
from content.loader import findings, load
from tests.support.content import copy_content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the packaged content that a test may spoil."""
    return copy_content(tmp_path)


def spoil(root: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` in a file and return its line."""
    path = root / file
    text = path.read_text()
    assert old in text, f"{file} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def line_of(root: Path, file: str, words: str) -> int:
    """Return the line of the first occurrence of `words`."""
    text = (root / file).read_text()
    return text[: text.index(words)].count("\n") + 1


def one(found: list[Finding], file: str, wrong: str) -> Finding:
    matching = [finding for finding in found if finding.file == file and wrong in finding.message]
    assert matching, f"nothing about {wrong!r} in {file}: {[str(finding) for finding in found]}"
    return matching[0]


IN_FILES = [
    pytest.param(
        "services/vn.yaml",
        'number: "0377672444"',
        "number: 0377672444",
        "whole number",
        'quote it: "0377672444"',
        id="unquoted phone number",
    ),
    pytest.param("cards/en/tricks.yaml", "lang: en", "lang: no", "yes/no", 'quote it: "no"', id="no as a language"),
    pytest.param(
        "cards/vi/tricks.yaml", "lang: vi", "lang: en", 'the language is "en"', 'write lang: "vi"', id="wrong language"
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        '    title: "Quen qua mạng"',
        '    title: "Quen qua mạng"\n    title: "Quen"',
        "already on line",
        "keep one",
        id="duplicate key",
    ),
    pytest.param(
        "cards/vi/tricks.yaml", "topic: tricks", "topic: &t tricks", "an anchor &t", "write the value out", id="anchor"
    ),
    pytest.param("cards/vi/tricks.yaml", "topic: tricks", "topic: *t", "an alias *t", "", id="alias"),
    pytest.param("cards/vi/tricks.yaml", "topic: tricks", "topic: !!str offers", "a tag", "remove it", id="tag"),
    pytest.param(
        "cards/vi/tricks.yaml",
        "    version: 1",
        "    version: one",
        '"version"',
        "a whole number from 1",
        id="no version",
    ),
    pytest.param(
        "cards/vi/tricks.yaml", "status: draft", "status: ready", '"status"', "draft, reviewed, approved", id="status"
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        'title: "Quen qua mạng"',
        'titel: "Quen qua mạng"',
        'unknown field "titel"',
        "use one of: action, also",
        id="misspelt field",
    ),
    pytest.param(
        "channels/telegram.yaml", "text_max: 4096", "text_max: plenty", '"text_max"', "", id="limit that is no number"
    ),
    pytest.param(
        "channels/telegram.yaml", "polls: kept", "polls: often", '"polls"', "kept", id="what becomes of polled messages"
    ),
    pytest.param("channels/zalo_oa.yaml", "probes: true", "probes: maybe", '"probes"', "", id="flag that is no flag"),
    pytest.param(
        "channels/telegram.yaml",
        "channel: telegram",
        "channel: telegraph",
        'the channel is "telegraph"',
        "name the file channels/telegraph.yaml",
        id="channel in a file of another name",
    ),
]


def test_a_card_of_a_sheet_must_be_there(root: Path) -> None:
    """What a channel's file asks a human to paste is a card like every other."""
    spoil(root, "channels/zalo_bot.yaml", "static.zalo.welcome]", "static.zalo.wave]")
    assert one(findings(root), "cards/vi/", '"static.zalo.wave" is missing')


@pytest.mark.parametrize(("file", "old", "new", "wrong", "right"), IN_FILES)
def test_a_mistake_in_a_file_is_found_on_its_line(
    root: Path, file: str, old: str, new: str, wrong: str, right: str
) -> None:
    """What one file alone shows is told on the line where it stands (the duplicate key on the second)."""
    line = spoil(root, file, old, new) + new.count("\n")
    found = one(findings(root), file, wrong)
    assert found.line == line
    assert right in found.remedy
    assert found.severity == "structure"


CARD = "  offer.online-friend:"
IN_THE_WHOLE = [
    pytest.param(
        "cards/vi/tricks.yaml", "source: [NA24_AI, TNGD94]", "", '"source" is missing', "sources.yaml", id="source"
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "source: [NA24_AI, TNGD94]",
        "source: [NOBODY]",
        'unknown source "NOBODY"',
        "add it to sources.yaml",
        id="unknown source",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Gọi 111 ngay.",
        "the number 111 typed in",
        "{number:vn.111}",
        id="short number typed in",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Gọi 0981 848 484.",
        "typed in",
        "{number:vn.111}",
        id="phone number typed in",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Gọi {number:vn.222}.",
        'unknown service "vn.222"',
        "services/",
        id="unknown service",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Gọi {number:vn.dv}.",
        'the service "vn.dv" has no number',
        "another service",
        id="service without a number",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Gọi video thấy mặt vẫn có thể là giả, hãy hỏi {number:vn.111}.",
        "do not work from abroad",
        "{number:vn.consular}",
        id="only numbers that stop at the border",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Đừng cả tin.",
        'says "cả tin"',
        "nobody is to blame",
        id="banned word",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Cẩn thận!",
        "exclamation mark",
        "full stop",
        id="exclamation mark",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Cẩn thận 😀.",
        "the sign 😀",
        "use words",
        id="emoji",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Đi xa nhớ báo người nhà. " * 26,
        "characters",
        "cut it to 600",
        id="too long",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Chào {name}.",
        "uses {name}",
        'slots: ["name"]',
        id="slot that is not allowed",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Chào {name.__class__}.",
        "stray",
        "write slots as",
        id="attribute in a slot",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "source: [NA24_AI, TNGD94]",
        "source: [NA24_AI, TNGD94]\n    neutral: true\n    title: x",
        "already on line",
        "keep one",
        id="title twice",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "source: [NA24_AI, TNGD94]",
        "source: [NA24_AI, TNGD94]\n    status: approved",
        "approved but not reviewed",
        "finish the reviews",
        id="approved without review",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "source: [NA24_AI, TNGD94]",
        'source: [NA24_AI, TNGD94]\n    review_by: "2027-02-30"',
        "is no day",
        "2027-05-22",
        id="a day that does not exist",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Hỏi ở dolab.molisa.gov.vn.",
        "still shows dolab.molisa.gov.vn",
        "use dolab.gov.vn",
        id="retired address",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "Gọi video thấy mặt vẫn có thể là giả.",
        "Gọi 1800 1567.",
        "still shows 18001567",
        "{number:vn.111}",
        id="retired number",
    ),
    pytest.param(
        "cards/vi/tricks.yaml",
        "source: [NA24_AI, TNGD94]",
        "source: [NA24_AI, TNGD94]\n    choices: [{label: Có, value: ok}]",
        "",
        "offer the same values",
        id="choices that differ between languages",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "wrong", "right"), IN_THE_WHOLE)
def test_a_mistake_of_one_card_is_found_with_its_cure(
    root: Path, file: str, old: str, new: str, wrong: str, right: str
) -> None:
    """What only the whole library shows is told on the line of the card."""
    spoil(root, file, old, new)
    matching = [finding for finding in findings(root) if wrong in finding.message and right in finding.remedy]
    assert matching, [str(finding) for finding in findings(root)]
    name = CARD.strip(" :")
    assert name in matching[0].message or matching[0].line >= line_of(root, file, CARD)


def test_a_missing_translation_is_found(root: Path) -> None:
    """A Vietnamese card without English is told on the line of the Vietnamese card."""
    path = root / "cards/en/tricks.yaml"
    text = path.read_text()
    start, end = text.index(CARD), text.index("  offer.loan:")
    path.write_text(text[:start] + text[end:])
    found = one(findings(root), "cards/vi/tricks.yaml", "has no English text")
    assert found.line == line_of(root, "cards/vi/tricks.yaml", CARD)
    assert found.remedy == "add offer.online-friend to cards/en/tricks.yaml"


def test_a_card_that_exists_twice_is_found(root: Path) -> None:
    """The second file that defines a card is told, with the place of the first."""
    text = (root / "cards/vi/tricks.yaml").read_text().replace("topic: tricks", "topic: safety")
    (root / "cards/vi/zz_second.yaml").write_text(text)
    found = one(findings(root), "cards/vi/zz_second.yaml", 'the card "offer.loan" is also in cards/vi/tricks.yaml')
    assert found.remedy == "keep one"


def test_an_emergency_card_with_numbers_of_one_body_is_found(root: Path) -> None:
    """Every other body's line taken away, the finding names the place, the body and what to do."""
    path = root / "services/vn.yaml"
    path.write_text(path.read_text().replace("    emergency: 2\n", "").replace("    emergency: 3\n", ""))
    path.write_text(path.read_text().replace("    emergency: 4\n", ""))
    found = one(
        findings(root), "cards/vi/emergency.yaml", 'the emergency card for "vn" (vi) has numbers of one body: mps'
    )
    assert found.line == line_of(root, "cards/vi/emergency.yaml", "  emergency.vn:")
    assert "at least two bodies" in found.remedy


def test_an_emergency_card_that_opens_with_a_sensitive_word_is_found(root: Path) -> None:
    """The first 40 characters are what a lock screen shows."""
    spoil(root, "cards/vi/situations.yaml", "Mình nhận được tin của bạn rồi.", "Công an và tổng đài:")
    found = one(findings(root), "cards/vi/situations.yaml", "sensitive word")
    assert "safe on a lock screen" in found.remedy


def test_a_service_that_went_missing_is_found_where_it_is_used(root: Path) -> None:
    """A renamed service leaves findings on the cards that name it, not a crash."""
    spoil(root, "services/vn.yaml", "  vn.consular:", "  vn.konsular:")
    found = one(findings(root), "cards/vi/leaving.yaml", 'unknown service "vn.consular"')
    assert found.line == line_of(root, "cards/vi/leaving.yaml", "  leave.prepared:")


def test_a_required_card_that_is_missing_is_found(root: Path) -> None:
    """The cards that the library itself needs are named when they are gone."""
    spoil(root, "cards/vi/fragments.yaml", "  fragment.day.7:", "  fragment.day.8:")
    found = one(findings(root), "cards/en/fragments.yaml", '"fragment.day.7" has no Vietnamese text')
    assert found.remedy == "add fragment.day.7 to cards/vi/fragments.yaml"
    spoil(root, "cards/en/fragments.yaml", "  fragment.day.7:", "  fragment.day.8:")
    assert '"fragment.day.7" is missing' in one(findings(root), "cards/vi/", "missing").message


def test_mistakes_in_different_files_are_listed_together(root: Path) -> None:
    """A file that cannot be read does not hide the wording of another."""
    spoil(root, "services/vn.yaml", 'number: "0377672444"', "number: 0377672444")
    spoil(root, "cards/vi/tricks.yaml", "Gọi video thấy mặt vẫn có thể là giả.", "Đừng cả tin.")
    found = findings(root)
    assert {finding.file for finding in found} == {"services/vn.yaml", "cards/vi/tricks.yaml"}


LEXICON = [
    pytest.param("<sos>", "<sso>", "unknown set <sso>", "use words, <sets>", id="unknown set"),
    pytest.param("^ help $", "^ (help|hep) $", "cannot be read", "use words, <sets>", id="bad pattern"),
    pytest.param("^ help $", ".. <me>?", "would match every message", "use words", id="pattern that matches all"),
    pytest.param("^ help $", "thịt cứu", "are the same without tones", "folded: ask", id="collision believed"),
]


@pytest.mark.parametrize(("old", "new", "wrong", "right"), LEXICON)
def test_a_mistake_in_the_lexicon_is_found(root: Path, old: str, new: str, wrong: str, right: str) -> None:
    """A pattern that cannot work, or one that harmless words spell without tones, is told at its rule."""
    spoil(root, "lexicon/safety.yaml", f'- "{old}"', f'- "{new}"')
    found = one(findings(root), "lexicon/safety.yaml", wrong)
    assert found.line == line_of(root, "lexicon/safety.yaml", "  help.plea:")
    assert right in found.remedy


def test_an_unknown_topic_of_a_rule_is_found(root: Path) -> None:
    """A rule may only lead to a topic that exists."""
    spoil(root, "lexicon/topics.yaml", "topic: hotline", "topic: hotlines")
    assert "hotline, human" in one(findings(root), "lexicon/topics.yaml", 'unknown topic "hotlines"').remedy


@pytest.mark.parametrize(("card", "wrong"), [("greetings", 'unknown card "greetings"'), ("menu", "asks something")])
def test_a_card_that_cannot_answer_a_rule_is_found(root: Path, card: str, wrong: str) -> None:
    """A greeting is answered by a line that is there and asks nothing."""
    spoil(root, "lexicon/courtesy.yaml", "card: greeted", f"card: {card}")
    found = one(findings(root), "lexicon/courtesy.yaml", wrong)
    assert found.line == line_of(root, "lexicon/courtesy.yaml", "  courtesy.greeting:")


IN_LEXICON = [
    pytest.param("context", "^ <tale>", "^ <tail>", "unknown set <tail>", id="unknown set in a tale"),
    pytest.param("innocent", "nghiên_cứu", "nghiên(cứu", "cannot be read", id="unreadable innocent phrase"),
    pytest.param("proposed", "status: proposed", "status: approved", "approved by nobody else", id="approved alone"),
    pytest.param("proposed", "owner: editors", "oner: editors", 'unknown field "oner"', id="proposal without owner"),
    pytest.param("proposed", "..3 bán", "..3 (bán", "cannot be read", id="unreadable proposal"),
    pytest.param("harm", "about:", "abuot:", "nobody answers for this file", id="file without owner"),
    pytest.param("suspicion", 'enough: "', 'enough: "x', '"enough" does not fit', id="threshold that is no number"),
    pytest.param("replies", "help_who.self:", "help_who.me:", 'no answer "help_who.me"', id="reply to no question"),
    pytest.param("suspicion", '"*"', '"* <nobody>"', "there is no <nobody>", id="weight of an unknown set"),
    pytest.param("suspicion", '"*"', '"* @no.rule"', "there is no @no.rule", id="weight of an unknown rule"),
    pytest.param("answers", "degree:", "grade:", 'unknown group "grade"', id="unknown group of answers"),
]


@pytest.mark.parametrize(("file", "old", "new", "wrong"), IN_LEXICON)
def test_a_mistake_in_any_file_of_the_lexicon_is_found(root: Path, file: str, old: str, new: str, wrong: str) -> None:
    """Tales, innocent phrases, proposals and weights are judged like the rules."""
    spoil(root, f"lexicon/{file}.yaml", old, new)
    assert one(findings(root), f"lexicon/{file}.yaml", wrong).remedy


@pytest.mark.parametrize(
    ("file", "threshold", "value", "wrong"),
    [
        ("suspicion", "doubt", 9999, '"doubt" is above "enough"'),
        ("together", "next_heard", 9999, '"next_heard" is above "next_alone"'),
        ("together", "together", 0, '"together" is not above 0'),
    ],
)
def test_thresholds_that_contradict_each_other_are_found(
    root: Path, file: str, threshold: str, value: int, wrong: str
) -> None:
    """A recalibration that swaps two of them is told before anybody is asked or passed over."""
    path = root / f"lexicon/{file}.yaml"
    path.write_text(re.sub(rf'^  {threshold}: ".*"$', f'  {threshold}: "{value}"', path.read_text(), flags=re.M))
    assert one(findings(root), f"lexicon/{file}.yaml", wrong).remedy


SPOILERS: list[Callable[[Path], object]] = [
    lambda root: (root / "cards/vi/tricks.yaml").write_text("cards: [1, 2"),
    lambda root: (root / "cards/vi/tricks.yaml").write_text("- a\n- b\n"),
    lambda root: (root / "cards/vi/tricks.yaml").write_text("cards: {x: y}\nlang: vi\n"),
    lambda root: (root / "sources.yaml").unlink(),
    lambda root: (root / "services/retired.yaml").write_text("retired: [x]\n"),
    lambda root: shutil.rmtree(root / "lexicon"),
    lambda root: shutil.rmtree(root / "channels"),
    lambda root: shutil.rmtree(root / "services"),
    lambda root: shutil.rmtree(root / "cards" / "vi"),
]


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_whatever_is_spoilt_gives_findings_and_never_a_crash(root: Path, spoiler: Callable[[Path], object]) -> None:
    """Loading refuses with the same findings that checking lists."""
    spoiler(root)
    found = findings(root)
    assert found
    assert all(finding.line >= 1 and finding.message and finding.remedy for finding in found)
    with pytest.raises(ContentErrors) as caught:
        load(root)
    assert caught.value.findings == found


def test_the_packaged_content_has_no_structural_mistake() -> None:
    """What we ship loads."""
    assert findings() == []
