"""The strict loader: no surprise types, no sharing, limits before anything is built, every mistake with its line."""

from __future__ import annotations

import time
import tracemalloc
import unicodedata

import pytest

from content.findings import ContentErrors, Finding
from content.strict_yaml import DEPTH_LIMIT, NODE_LIMIT, SIZE_LIMIT, parse

MERGE_BOMB = "\n".join(
    ["a0: &a0 {x: y}", *(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]}}" for n in range(1, 13))]
)
ALIAS_BOMB = "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9))])


def mistakes(text: str | bytes) -> list[Finding]:
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(ContentErrors) as caught:
        parse(raw, "cards/vi/sample.yaml", integers={"version"}, flags={"neutral"})
    return caught.value.findings


@pytest.mark.parametrize(
    ("text", "line", "wrong", "right"),
    [
        pytest.param("a: b\nphone: 0377672444\n", 2, "whole number", 'quote it: "0377672444"', id="phone number"),
        pytest.param("phone: +84981848484", 1, "whole number", 'quote it: "+84981848484"', id="number with a plus"),
        pytest.param("lang: no", 1, "yes/no", 'quote it: "no"', id="no as a language"),
        pytest.param("answer: yes", 1, "yes/no", 'quote it: "yes"', id="yes"),
        pytest.param("quiet: 22:30", 1, "whole number", 'quote it: "22:30"', id="sexagesimal"),
        pytest.param("review_by: 2027-05-22", 1, "a date", 'quote it: "2027-05-22"', id="date"),
        pytest.param("rate: 1.5", 1, "decimal", 'quote it: "1.5"', id="decimal"),
        pytest.param("text:", 1, "nothing", 'quote it: ""', id="empty value"),
        pytest.param("text: ~", 1, "nothing", 'quote it: "~"', id="tilde"),
        pytest.param("version: 007", 1, "whole number", 'quote it: "007"', id="leading zeros in a number field"),
        pytest.param("neutral: yes", 1, "yes/no", 'quote it: "yes"', id="yes in a flag field"),
        pytest.param("a: x\nb: y\na: z", 3, '"a" is already on line 1', "keep one", id="duplicate key"),
        pytest.param("a: {b: x, b: y}", 1, '"b" is already', "keep one", id="duplicate key in a flow mapping"),
        pytest.param("a: &x y", 1, "anchor", "write the value out", id="anchor"),
        pytest.param("a: &x y\nb: *x", 2, "alias", "write the value out", id="alias"),
        pytest.param("a: {<<: {b: c}}", 1, "merge key", "write the values out", id="merge key"),
        pytest.param("a: !!python/object:os.system x", 1, "tag", "remove it", id="python tag"),
        pytest.param("a: !!str 1", 1, "tag", "remove it", id="harmless tag"),
        pytest.param("%YAML 1.1\n---\na: b", 1, "directive", "remove it", id="directive"),
        pytest.param("a: b\n---\na: c", 2, "second document", "one document", id="two documents"),
        pytest.param("? [a, b]\n: c", 1, "key that is not a word", "plain word", id="list as a key"),
        pytest.param("true: b", 1, "yes/no", 'quote it: "true"', id="boolean as a key"),
        pytest.param("a: [b\nc: d", 2, "not YAML", "check indentation", id="broken syntax"),
        pytest.param("a: b\n\tc: d", 2, "not YAML", "check indentation", id="tab"),
        pytest.param("", 1, "empty", "write it", id="empty file"),
        pytest.param("# nothing\n", 1, "empty", "write it", id="only a comment"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_remedy(text: str, line: int, wrong: str, right: str) -> None:
    """Each thing YAML would silently turn into something else is a finding with line, fault and cure."""
    found = mistakes(text)
    assert any(f.line == line and wrong in f.message and right in f.remedy for f in found), found
    assert {f.file for f in found} == {"cards/vi/sample.yaml"}


def test_every_mistake_of_a_file_is_listed() -> None:
    """Three mistakes on three lines give three findings in one run."""
    assert [f.line for f in mistakes("a: no\nb: 012\nc: &x y\n")] == [1, 2, 3]


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    """The line of the first bad byte is told."""
    assert mistakes(b"a: b\nc: \xff\n")[0].line == 2


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(MERGE_BOMB, id="merge bomb"),
        pytest.param(ALIAS_BOMB, id="alias bomb"),
        pytest.param("[" * 100_000, id="deep flow sequences"),
        pytest.param("a: " + "{b: " * 5_000, id="deep flow mappings"),
        pytest.param("\n".join("- " * depth + "x" for depth in (400,)), id="deep block sequences"),
        pytest.param("[" + "x," * 60_000 + "]", id="too many values"),
        pytest.param("a: x\n" * 40_000, id="too many keys"),
        pytest.param("a" * (SIZE_LIMIT + 1), id="too large"),
    ],
)
def test_a_bomb_is_refused_within_100_ms_and_50_mb(bomb: str) -> None:
    """Files made to explode are refused before anything is built from them."""
    started = time.process_time()
    mistakes(bomb)
    assert time.process_time() - started < 0.1
    tracemalloc.start()
    mistakes(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


def test_the_merge_bomb_is_as_small_as_the_one_that_stops_a_plain_loader() -> None:
    """Some 600 bytes cost a plain safe loader 19 seconds; here every merge key is named."""
    assert len(MERGE_BOMB) < 700
    assert sum("merge key" in found.message for found in mistakes(MERGE_BOMB)) == 12


def test_limits_are_exactly_where_they_are_said_to_be() -> None:
    """A file at the limit of depth is read, one deeper is not; so for the number of values."""
    deepest = "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT
    assert parse(deepest.encode(), "deep.yaml").value
    assert "nested" in mistakes("[" * (DEPTH_LIMIT + 2) + "x" + "]" * (DEPTH_LIMIT + 2))[0].message
    assert len(parse(("[" + ",".join("x" * (NODE_LIMIT - 1)) + "]").encode(), "many.yaml").value) == NODE_LIMIT - 1
    assert "values" in mistakes("[" + ",".join("x" * NODE_LIMIT) + "]")[0].message


def test_quoted_and_plain_words_stay_text() -> None:
    """Quoted values keep every character; block text keeps its lines; NFD becomes NFC."""
    document = parse('a: "0377672444"\nb: "no"\nc: xin chào\nd: |-\n  một\n  hai\n'.encode(), "ok.yaml")
    assert document.value == {"a": "0377672444", "b": "no", "c": "xin chào", "d": "một\nhai"}
    decomposed = unicodedata.normalize("NFD", 'a: "cứu"')
    assert parse(decomposed.encode(), "nfd.yaml").value == {"a": "cứu"}


def test_only_the_named_fields_hold_numbers_and_flags() -> None:
    """A number field gives an int, a flag field a bool; nothing else does."""
    value = parse(b"version: 3\nneutral: true\n", "ok.yaml", integers={"version"}, flags={"neutral"}).value
    assert value == {"version": 3, "neutral": True}


def test_lines_are_known_for_every_path() -> None:
    """The line of a nested value, of a list item, and of something missing (its nearest parent) is known."""
    document = parse(b"a:\n  b:\n    - x\n    - y\nc: z\n", "ok.yaml")
    assert (document.line("a", "b", 1), document.line("c"), document.line("a", "missing", "deeper")) == (4, 5, 1)
