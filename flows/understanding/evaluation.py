"""Evaluate the understanding on a labelled file: recall by level, false raises, questions, topics, and every miss."""

from __future__ import annotations

import msgspec

from content.lexicon.model import LexiconData
from flows.understanding import Meaning, understand

URGENT = 2
"""The level from which a phrase is a cry: it must be raised or asked about."""

TOPICS_OF_INTENT = {
    "MARRY": ("marriage_abroad",),
    "JOB": ("job_offer_check", "before_you_go"),
    "HOTLINE": ("hotline",),
    "LEGAL": ("legal",),
    "DOCS": ("documents",),
    "LIVELI": ("livelihood",),
    "RETURN": ("returnee",),
    "TIP": ("report_suspicion",),
    "STOP": ("stop",),
    "EXIT": ("quick_exit",),
    "HUMAN": ("human",),
}
"""Where a phrase must lead when its row names no topic of its own."""


class Row(msgspec.Struct, frozen=True):
    """One labelled phrase; `topics` are the topics of which any one is right, empty when none is expected."""

    text: str
    intent: str
    level: int
    topics: tuple[str, ...]


class Evaluated(msgspec.Struct, frozen=True):
    """A phrase and what was understood."""

    row: Row
    meaning: Meaning

    @property
    def heard(self) -> bool:
        """Say whether danger was believed or asked about."""
        return self.meaning.action != "calm"


class LabelError(ValueError):
    """A labelled file cannot be read; the message names the line and what it should be."""


def read_rows(text: str) -> list[Row]:
    """Read `…|text|intent|min_level|…` lines under a header that names the columns. Raises LabelError."""
    lines = text.splitlines()
    names = lines[0].split("|") if lines else []
    if not {"text", "intent", "min_level"} <= set(names):
        raise LabelError("line 1: name the columns, at least text|intent|min_level (and topic)")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        fields = dict(zip(names, line.split("|"), strict=False))
        if len(fields) < len(names) - 1 or not fields["min_level"].isdecimal():
            raise LabelError(f"line {number}: expected {'|'.join(names)}")
        topics = tuple(filter(None, fields.get("topic", "").split("/")))
        topics = topics or ("topic" not in names and TOPICS_OF_INTENT.get(fields["intent"])) or ()
        rows.append(Row(fields["text"], fields["intent"], int(fields["min_level"]), topics))
    return rows


def evaluate(rows: list[Row], lexicon: LexiconData) -> list[Evaluated]:
    """Understand every phrase."""
    return [Evaluated(row, understand(row.text, lexicon)) for row in rows]


def report(evaluated: list[Evaluated]) -> dict[str, object]:
    """Return counts and the phrases that went wrong, ready for JSON."""
    cries = [one for one in evaluated if one.row.level >= URGENT]
    calm = [one for one in evaluated if one.row.level < URGENT]
    negatives = [one for one in evaluated if one.row.intent == "NEG"]
    routed = [one for one in evaluated if one.row.topics]
    lost = [one for one in cries if not one.heard]
    low = [one for one in cries if one.heard and one.meaning.level < min(one.row.level, 3)]
    raised = [one for one in calm if _raised(one)]
    astray = [one for one in routed if one.meaning.topic not in one.row.topics]
    return {
        "phrases": len(evaluated),
        "cries": {
            f"level {level}": _share([one.heard for one in cries if one.row.level == level])
            for level in sorted({one.row.level for one in cries})
        }
        | {"all": _share([one.heard for one in cries])},
        "calm": {"phrases": len(calm), "raised": len(raised), "asked": _asked(calm)},
        "negatives": {"phrases": len(negatives), "raised": sum(map(_raised, negatives)), "asked": _asked(negatives)},
        "topics": _share([one not in astray for one in routed]),
        "misses": {
            "not heard": list(map(_line, lost)),
            "heard at a lower level": list(map(_line, low)),
            "raised for nothing": list(map(_line, raised)),
            "led astray": list(map(_line, astray)),
        },
        "questions": [_line(one) for one in calm if one.meaning.action == "ask"],
    }


def _share(right: list[bool]) -> dict[str, float | int]:
    return {
        "right": sum(right),
        "of": len(right),
        "percent": round(100 * sum(right) / len(right), 1) if right else 100.0,
    }


def _raised(one: Evaluated) -> bool:
    return one.meaning.action == "raise"


def _asked(evaluated: list[Evaluated]) -> int:
    return sum(one.meaning.action == "ask" for one in evaluated)


def _line(one: Evaluated) -> str:
    said = one.meaning
    return f"{one.row.text} → {said.action} {said.level} {said.topic or '-'} ({said.rule or 'nothing'})"
