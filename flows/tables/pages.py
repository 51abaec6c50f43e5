"""Pages: which card a choice opens, by the page's name. The choices are values of the page's own card."""

from __future__ import annotations

from collections.abc import Mapping

from flows.tables.loader import read_table

PAGES: Mapping[str, dict[str, str]] = read_table("pages", "pages", dict[str, str])
"""The card of each choice of each page."""
