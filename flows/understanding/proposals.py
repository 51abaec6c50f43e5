"""Proposals from counsellors: a miss with names and numbers taken out, and whether its pattern hears its example."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from content.findings import Finding
from content.lexicon.model import LexiconData, Proposal
from content.lexicon.patterns import PatternError
from flows.understanding.classifier import Classifier

HIDDEN = "X"
PROPOSED = "lexicon/proposed.yaml"

_LINK = re.compile(r"\S*(?:://|www\.|@)\S*")
_NUMBER = re.compile(r"\d(?:[\d .,/-]*\d)?")
_CALLED = re.compile(
    r"(?i)(?<=\btên )(?!là\b|em\b|gì\b)[^\s,.;!?]+|(?<=\btên là )[^\s,.;!?]+|(?<=\btên em là )[^\s,.;!?]+"
)
_WORD = re.compile(r"(?P<before>^|[.!?\n:]\s*|)(?P<word>[^\W\d_]+)")


def redact(text: str) -> str:
    """Return a phrase without links, numbers and names: what is left may be shown to the editors.

    A name is what follows `tên` and every capitalised word inside a sentence. A message all in capitals is made small
    first. Ages go too: who needs one writes it back. A human still reads the result before it is kept.
    """
    text = text.lower() if text.isupper() else text
    text = _CALLED.sub(HIDDEN, _LINK.sub(HIDDEN, text))
    return _NUMBER.sub("0", _WORD.sub(_without_name, text))


def _without_name(found: re.Match[str]) -> str:
    """Hide a capitalised word that does not begin a sentence."""
    named = found["word"][0].isupper() and not found["before"] and found.start()
    return HIDDEN if named else found.group()


def proposal_for(text: str) -> str:
    """Return an entry for content/data/lexicon/proposed.yaml with what a human has yet to fill in left empty."""
    fields = ("pattern", "level", "intent", "owner", "source")
    lines = [f"  name-it:\n    example: {json.dumps(redact(text), ensure_ascii=False)}"]
    return "\n".join([*lines, *(f"    {field}:" for field in fields), "    status: proposed"])


def proposal_findings(lexicon: LexiconData) -> Iterator[Finding]:
    """Yield the proposals that hold a name or number, or whose pattern does not hear their own example."""
    judging: Classifier | None = None
    for proposal in lexicon.proposals:
        if redact(proposal.example) != proposal.example:
            yield _of(proposal, "the example holds a number, a link or a name", f'write "{redact(proposal.example)}"')
        judging = judging or Classifier(lexicon)
        try:
            heard = judging.is_met(proposal.pattern, proposal.example)
        except PatternError:
            continue  # the lexicon's own check says what is wrong with it
        if not heard:
            yield _of(proposal, "the pattern does not hear its example", "change the pattern or the example")


def _of(proposal: Proposal, message: str, remedy: str) -> Finding:
    return Finding(proposal.file, proposal.line, f'the proposal "{proposal.id}": {message}', remedy)
