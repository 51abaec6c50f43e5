"""Changes that staff make to a case by hand: each is a sealed line of it, with who changed what from what to what.

The first text line of such a line holds codes (`level=2>4:held`); what a member adds in words of her own stands below,
sealed like everything else (safety rule 11). A change leads to no message.
"""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec

from store.cases import readers as case_readers
from store.cases import service as cases
from store.cases.lines import NewLine, add_line
from store.cases.models import CaseRow
from store.errors import Refused
from store.messages.models import Cause
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

DIRECTION = "change"
LONGEST = 500
"""Characters that a member may add to a change."""


class Change(msgspec.Struct, frozen=True):
    """What was changed, from what to what, as codes; why (a code), and in a member's own words."""

    fact: str
    old: str
    new: str
    reason: str = ""
    words: str = ""


async def readable_case(work: UnitOfWork, case_id: UUID) -> CaseRow:
    """The case, locked, when it is open and whoever acts reads what is written in it. Raises Refused."""
    case = await cases.load_case(work.conn, case_id, lock=True)
    if case.closed_at is not None:
        raise Refused(Refusal.CASE_CLOSED)
    if work.staff_id not in {reader.staff_id for reader in await case_readers.of(work.conn, work.now, case)}:
        raise Refused(Refusal.CASE_NOT_SEALED)
    return case


def checked_words(words: str) -> str:
    """What a member adds in her own words. Raises Refused when it is too long."""
    words = words.strip()
    if len(words) > LONGEST:
        raise Refused(Refusal.CHANGE_WORDS_LENGTH, longest=LONGEST)
    return words


async def note_change(work: UnitOfWork, case_id: UUID, change: Change, cause: str = "") -> None:
    """Write a change into the case; the same `cause` twice is one line."""
    reason = f":{change.reason}" if change.reason else ""
    below = f"\n{change.words}" if change.words else ""
    text = f"{change.fact}={change.old}>{change.new}{reason}{below}"
    author = work.actor.staff_id
    await add_line(work, case_id, NewLine(DIRECTION, text, Cause.CASE, f"change.{cause or uuid4().hex}", author))


def read_change(text: str) -> Change:
    """The change that a line tells; what is not understood is empty."""
    codes, _, words = text.partition("\n")
    fact, _, moved = codes.partition("=")
    old, _, rest = moved.partition(">")
    new, _, reason = rest.partition(":") if fact in REASONED else (rest, "", "")
    return Change(fact, old, new, reason, words)


REASONED = frozenset({"level", "lower", "help_asked"})
"""Facts whose change carries a reason; a place (`vn:11`) has a colon of its own."""
