"""Split a long text into messages at paragraphs, sentences or words, never inside a letter with its marks."""

from __future__ import annotations

import regex

_PARAGRAPH = regex.compile(r"\n\s*\n")
_LINE = regex.compile(r"\n")
_SENTENCE = regex.compile(r"(?<=[.?!…:;])\s+")
_WORD = regex.compile(r"\s+")
_GRAPHEME = regex.compile(r"\X")


def length(text: str, unit: str) -> int:
    """Count a text as a channel does: "utf16" units or "characters" (code points)."""
    if unit == "utf16" and not text.isascii():
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text)


def split(text: str, limit: int, unit: str) -> list[str]:
    """Return parts of at most `limit` units that together hold every grapheme of `text`; white space at cuts goes.

    `limit` must be at least as long as one grapheme; a longer cluster is the only thing ever cut between code
    points. Always returns one part at least.
    """
    if length(text, unit) <= limit:
        return [text]
    parts: list[str] = []
    rest = text
    while length(rest, unit) > limit:
        cut = _cut(rest, limit, unit)
        parts.append(rest[:cut].rstrip() or rest[:cut])
        rest = _without_leading_space(rest[cut:])
    return [*parts, rest] if rest else parts


def _cut(text: str, limit: int, unit: str) -> int:
    """Return where to cut: the last paragraph, line, sentence or word that fits in the later half, else a grapheme."""
    borders = _borders(text, limit, unit)
    most = borders[-1]
    half, on_border, window = most // 2, set(borders), text[: most + 1]
    for pattern in (_PARAGRAPH, _LINE, _SENTENCE, _WORD):
        ends = [end for end in (found.start() for found in pattern.finditer(window)) if half < end in on_border]
        if ends:
            return int(ends[-1])
    return most


def _borders(text: str, limit: int, unit: str) -> list[int]:
    """Return the grapheme borders within the first `limit` units, at least one; a longer cluster is cut in itself."""
    borders: list[int] = []
    used = 0
    for cluster in _GRAPHEME.finditer(text):
        used += length(cluster.group(), unit)
        if used > limit:
            break
        borders.append(cluster.end())
    return borders or [max(limit // 2, 1)]


def _without_leading_space(text: str) -> str:
    """Drop white space in front, but no blank that carries a mark of its own."""
    start = 0
    for cluster in _GRAPHEME.finditer(text):
        if not cluster.group().isspace():
            break
        start = cluster.end()
    return text[start:]
