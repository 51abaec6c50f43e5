"""Scripts: whether a text is mostly in letters that neither Vietnamese nor English uses."""

from __future__ import annotations

import re
import unicodedata

LOOKED_AT = 300
"""Characters of a text that are looked at."""

_STRANGE = re.compile(r"[^\x00-\u024f\u1e00-\u1eff]")
_OUTSIDE = re.compile(r"[^\W\d_\x00-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_WHOLE_SYLLABLE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Han, kana, Hangul: one sign is a syllable, for which Latin letters need two or three."""


def mostly_other(text: str) -> bool:
    """Say whether more of a text is in another script than in Latin letters; signs and digits do not count."""
    if _STRANGE.search(text[:LOOKED_AT]) is None:
        return False
    looked_at = unicodedata.normalize("NFKC", text[:LOOKED_AT])
    other = len(_OUTSIDE.findall(looked_at))
    weight = other + len(_WHOLE_SYLLABLE.findall(looked_at))
    return weight > len(_LETTER.findall(looked_at)) - other
