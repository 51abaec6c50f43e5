"""Whether a message speaks of a child's age, however it is typed. Pure; the words are the lexicon's."""

from __future__ import annotations

import re

from content.lexicon_data import LexiconData
from flows.understanding.fold import fold

_SHORT = re.compile(r"(?<!\w)(\d{1,2}) ?t(?!\w)")
_LOOKED_AT = 600


def of_a_child(text: str, lexicon: LexiconData) -> bool:
    """Say whether a text names an age or a school year below eighteen ("15t", "14 tuoi", "lớp 8")."""
    said = _SHORT.sub(r"\1 tuoi", " ".join(fold(text[:_LOOKED_AT]).split()))
    ages = lexicon.sets.get("child_age", ())
    return any(re.search(rf"(?<!\w){re.escape(fold(age))}(?!\w)", said) for age in ages)
