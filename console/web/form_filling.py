"""Fill a form of a finished page with what was typed: a refused form comes back as it was sent, whatever its fields.

Only texts, choices and dates are filled in; hidden fields, passphrases and files keep what the page gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

Typed = Sequence[tuple[str, str]]
"""Names and values of a form in the order they were sent; a name may occur more than once."""
_KEPT = frozenset({"hidden", "password", "file", "submit", "button"})
_TICKED = frozenset({"checkbox", "radio"})
Attributes = list[tuple[str, str | None]]


def fill_form(page: str, action: str, typed: Typed) -> str | None:
    """Return the page with every form that is posted to `action` filled in, and what folds it away unfolded.

    None for a page without such a form.
    """
    filler = _FormFiller(action, typed)
    filler.feed(page)
    filler.close()
    return "".join(filler.written) if filler.found else None


class _FormFiller(HTMLParser):
    """Writes a page again while it is read; inside the form, fields get their typed values."""

    def __init__(self, action: str, typed: Typed) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self._action = action
        self._values: dict[str, list[str]] = {}
        for name, value in typed:
            self._values.setdefault(name, []).append(value)
        self.found = False
        self._inside = False
        self._select: str | None = None
        self._dropped = False
        self._folded: list[int] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Open a form, or fill a field of the one that was sent."""
        given = dict(attrs)
        filled = self._filled(tag, attrs, given) if self._inside else attrs
        if tag == "details":
            self._folded.append(len(self.written))
        elif tag == "form" and given.get("action") == self._action and given.get("method") == "post":
            self._inside = self.found = True
            self._unfold()
        self._write(self.get_starttag_text() if filled is attrs else _tag(tag, filled))
        if self._inside and tag == "textarea" and (typed := self._take(given.get("name"))) is not None:
            self._write("\n" + escape(typed))
            self._dropped = True

    def _unfold(self) -> None:
        for n in self._folded:
            self.written[n] = self.written[n].replace("<details", "<details open", 1)
        self._folded.clear()

    def _filled(self, tag: str, attrs: Attributes, given: dict[str, str | None]) -> Attributes:
        name, kind = given.get("name"), given.get("type") or "text"
        if tag == "select":
            self._select = name
        if tag == "option" and self._select in self._values:
            return _marked(attrs, "selected", given.get("value") in self._values[self._select])
        if tag != "input" or name is None or kind in _KEPT:
            return attrs
        if kind in _TICKED:
            return _marked(attrs, "checked", (given.get("value") or "on") in self._values.get(name, ()))
        typed = self._take(name)
        return attrs if typed is None else [*_without(attrs, "value"), ("value", typed)]

    def _take(self, name: str | None) -> str | None:
        values = self._values.get(name or "")
        return values[0] if values else None

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """A tag that closes itself is a start tag here."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close a form or a field."""
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._dropped = False
        elif tag == "details" and self._folded:
            self._folded.pop()
        self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Copy text; what stood in a field that was filled in is left out."""
        self._write("" if self._dropped else data)

    def handle_entityref(self, name: str) -> None:
        """Copy a named character."""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Copy a numbered character."""
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        """Copy a comment."""
        self._write(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """Copy the document type."""
        self._write(f"<!{decl}>")

    def _write(self, text: str | None) -> None:
        self.written.append(text or "")


def _without(attrs: Attributes, name: str) -> Attributes:
    return [one for one in attrs if one[0] != name]


def _marked(attrs: Attributes, mark: str, holds: bool) -> Attributes:
    return [*_without(attrs, mark), *([(mark, None)] if holds else [])]


def _tag(tag: str, attrs: Attributes) -> str:
    said = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs)
    return f"<{tag}{said}>"
