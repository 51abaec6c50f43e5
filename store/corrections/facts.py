"""Corrections of what is known of a person in a case: place, age, language, marks, written down by a reader of it.

The machine adds and never takes away; staff do both. Who changed what is a line of the case and an act in the audit,
which holds none of the values. Where the bot believes she is follows her own words alone (safety rule 4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec
from sqlalchemy import update

from content.directory.children import CHILD, UNDER_16
from content.directory.numbers import ABROAD, HOME
from store.cases import service as cases
from store.cases.changes import Change, note_change, readable_case
from store.cases.impartiality import neighbourhood
from store.cases.models import CaseRow, case_file
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

FROM_16, ADULT = "from_16", "adult"
AGES = ("", UNDER_16, FROM_16, ADULT)
"""Ages as the conversation knows them; "" is not known."""
MARKS = ("watched", "child", "suicidal", "shelter", "returned", "duress")
"""Marks that staff set by hand; the others follow from place, age, language, or from what she sent."""
KEPT_MARKS = frozenset({"duress"})
"""Marks that nobody takes away: her own word for danger was written."""
LANG = "lang:"


class Place(msgspec.Struct, frozen=True):
    """Where she is: `vn`, `vn:PP`, `abroad`, `abroad:XX` or "", and the area code of her commune with its name."""

    code: str
    commune: str = ""
    name: str = ""


async def correct_place(work: UnitOfWork, case_id: UUID, place: Place) -> None:
    """Write down where she is. Raises Refused.

    Staff of the commune are kept away from the case as those of her groups are: the keys of open cases follow when
    this is committed, and the caller calls `rekey.follow_roster`. Whoever works for that commune herself hands the
    case on instead.
    """
    case = await readable_case(work, case_id)
    if (case.place, case.commune) == (place.code, place.commune):
        return
    groups = set(await cases.communes_of(work.conn, case.person_id))
    communes = sorted(({*case.communes} - ({case.commune} - groups)) | ({place.commune} - {""}))
    moved = msgspec.structs.replace(case, place=place.code, commune=place.commune, communes=communes)
    if work.staff_id in (await neighbourhood(work.conn)).near(moved):
        raise Refused(Refusal.PLACE_TOO_NEAR)
    flags = [flag for flag in case.flags if flag != ABROAD] + [ABROAD] * place.code.startswith(ABROAD)
    await _keep(work, moved, place=place.code, commune=place.commune, communes=communes, flags=flags)
    await escalations.move(work, moved)
    await _done(work, case_id, "place", [Change("place", case.place, place.code, words=place.name)])


async def correct_age(work: UnitOfWork, case_id: UUID, age: str) -> None:
    """Write down how old she is; the marks of a child follow. Raises Refused."""
    if age not in AGES:
        raise Refused(Refusal.CORRECTION_CHOICE)
    case = await readable_case(work, case_id)
    new = {UNDER_16: (CHILD, UNDER_16), FROM_16: (CHILD,)}.get(age, ())
    gone = {UNDER_16} if age != ADULT else {UNDER_16, CHILD}
    kept = [flag for flag in case.flags if flag not in gone - {*new}]
    flags = [*kept, *(flag for flag in new if flag not in kept)]
    if (case.age, case.flags) == (age, flags):
        return
    since = (case.child_at or work.now) if age == UNDER_16 else None
    await _keep(work, case, age=age, flags=flags, child_at=since)
    await _done(work, case_id, "age", [Change("age", case.age, age)])


async def correct_language(work: UnitOfWork, case_id: UUID, lang: str, known: Collection[str], base: str) -> None:
    """Write down in which language she is best spoken to; `known` are all, `base` is the one that needs no mark."""
    if lang not in known:
        raise Refused(Refusal.CORRECTION_CHOICE)
    case = await readable_case(work, case_id)
    before = next((flag.removeprefix(LANG) for flag in case.flags if flag.startswith(LANG)), base)
    if lang == before:
        return
    rest = [flag for flag in case.flags if flag != "lang" and not flag.startswith(LANG)]
    await _keep(work, case, flags=rest if lang == base else [*rest, f"{LANG}{lang}"])
    await _done(work, case_id, "language", [Change("language", before, lang)])


async def correct_marks(work: UnitOfWork, case_id: UUID, seen: Iterable[str], chosen: Iterable[str]) -> None:
    """Set and take away marks: what differs between those a page showed and those that were chosen on it.

    A mark that has come meanwhile stays. Raises Refused.
    """
    before, after = set(seen), set(chosen)
    if not before | after <= set(MARKS):
        raise Refused(Refusal.CORRECTION_CHOICE)
    case = await readable_case(work, case_id)
    gone = (before - after - KEPT_MARKS) & set(case.flags)
    new = [mark for mark in MARKS if mark in after - before and mark not in case.flags]
    if not gone and not new:
        return
    await _keep(work, case, flags=[flag for flag in case.flags if flag not in gone] + new)
    changes = [Change("mark_on", "", mark) for mark in new]
    changes += [Change("mark_off", mark, "") for mark in MARKS if mark in gone]
    await _done(work, case_id, "marks", changes)


async def _keep(work: UnitOfWork, case: CaseRow, **values: object) -> None:
    """Keep new values; where a mark asks for a skill nobody was paged for, page again while nobody has the case."""
    await work.conn.execute(update(case_file).where(case_file.c.id == case.id).values(values))
    if case.acked_by is None:
        await escalations.begin_anew(work, await cases.load_case(work.conn, case.id))


async def _done(work: UnitOfWork, case_id: UUID, fact: str, changes: Iterable[Change]) -> None:
    for change in changes:
        await note_change(work, case_id, change)
    work.record("case.corrected", case_id, fact=fact)
    work.notify(NotifyChannel.CASE, case_id)


def place_of(kind: str, province: str, land: str) -> str:
    """The code of a place that was chosen: in Viet Nam with or without a province, abroad with or without a land."""
    if kind == "vn":
        return f"vn:{province}" if province else "vn"
    if kind == ABROAD and land != HOME:
        return f"{ABROAD}:{land}" if land else ABROAD
    return ""
