"""Carry out what a step asked for, beyond saying something: the pipeline's way into the operations of the slices."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from content.media.attachment import Kind
from flows.engine.step import HERS
from flows.model import effects
from flows.model.messages import Shown
from store import audit
from store.attachments import service as attachments
from store.broadcasts import service as broadcasts
from store.cases import chat_cleanup, inbound, notes, phone_number
from store.cases import service as cases
from store.checkins import service as checkins
from store.db.engine import Store, driver_of
from store.effects import deferred
from store.effects.base import Act
from store.errors import Refused
from store.groups import service as groups
from store.jobs import human_tasks
from store.messages.models import Cause, Content, Entry, InboxState, Status, ledger, seal_body
from store.people import models as people
from store.privacy import forget_requests
from store.recordings import service as recordings
from store.recordings import speakers
from store.referrals import models as referral_models
from store.staff import contacts
from store.submissions import models as submissions_models

ATTACHED: dict[str, Kind] = {"voice": "voice", "image": "photo", "file": "file"}
"""What she may send with a file behind it, and what is expected in that."""


async def carry_out(
    conn: AsyncConnection, now: datetime, store: Store, acts: Sequence[Act]
) -> tuple[list[Entry], list[audit.Act]]:
    """Do every act in order inside the caller's transaction; returns ledger entries they led to, and what to record.

    The caller records last of all: whoever holds the turn of the audit must not wait for a row whose holder waits
    for that turn.
    """
    await conn.execute(text("SELECT 1"))  # begins the transaction underneath, for the hot statements too
    entries: list[Entry] = []
    opened: list[audit.Act] = []
    talks: dict[UUID, inbound.Hers] = {}
    for act in acts:
        match act.effect:
            case effects.AddToCase() as add:
                await _add_hers(conn, now, act, talks, add)
                continue
            case effects.OpenCase():
                opened.append(await _open_case(conn, now, store, act, act.effect))
            case _:
                entries += await _one(conn, now, store, act)
        talks.pop(act.person_id, None)  # it may be another case now, or the same one changed
    return entries, opened


async def _one(conn: AsyncConnection, now: datetime, store: Store, act: Act) -> list[Entry]:
    match act.effect:
        case effects.RaiseLevel(level=level):
            await cases.raise_level(conn, now, person_id=act.person_id, level=level)
        case effects.NoteOnCase(key=key, value=value):
            await _note_on_case(conn, now, act, key, value)
        case effects.Later(does=does):
            await deferred.keep(conn, act, does)
        case effects.KeepSecondWay(text=words):
            await phone_number.keep(conn, act.at, act.person_id, words, f"{act.cause}.{act.n}.second")
        case effects.RecordConsent(purpose=purpose, version=version, given=given):
            await people.record_consent(driver_of(conn), now, act.person_id, purpose, version, given)
        case effects.Unreachable():
            await people.set_reachable(driver_of(conn), act.person_id, False)
        case effects.Reachable():
            await people.set_reachable(driver_of(conn), act.person_id, True)
            if act.kind in HERS:
                await release_kept(conn, now, act.person_id)
        case effects.OpenTask(kind=kind, reason=reason):
            her = act.person_id
            await human_tasks.open_task(conn, now, kind=kind, subject=str(her), person_id=her, alias="", reason=reason)
        case effects.CleanChat(hers=hers):
            return await _clean(conn, now, act, hers)
        case _:
            await _check_ins(conn, now, store, act)
    return []


async def _check_ins(conn: AsyncConnection, now: datetime, store: Store, act: Act) -> None:
    """What concerns her check-ins; a stop ends them for good."""
    match act.effect:
        case effects.Silence(hours=0):
            await checkins.change(conn, now, act.person_id, "stopped")
        case effects.Agree(hours=hours, code=code, lang=lang):
            await checkins.agree(
                conn, now, store.house.index, person_id=act.person_id, hours=hours, code=code, lang=lang
            )
        case effects.OpenCheckIn():
            await checkins.open_waiting(conn, now, act.person_id)
        case effects.AnswerCheckIn(question=question, answer=value):
            await checkins.answer(conn, now, person_id=act.person_id, key=act.key, question=question, value=value)
        case effects.EndCheckIn(flagged=flagged):
            await checkins.end(conn, now, act.person_id, flagged=flagged)
        case effects.ChangePlan(to=to):
            await checkins.change(conn, now, act.person_id, to)
        case _:
            await _village(conn, now, store, act)


async def _village(conn: AsyncConnection, now: datetime, store: Store, act: Act) -> None:
    """What concerns a village's group: who is bound to it, and what a member proposes."""
    match act.effect:
        case effects.Redeem(code=code, lang=lang, version=version):
            if not await contacts.bind(conn, now, store.house, person_id=act.person_id, code=code):
                await groups.redeem(
                    conn, now, store.house.index, person_id=act.person_id, code=code, lang=lang, version=version
                )
        case effects.LeaveVillage(version=version):
            await groups.leave(conn, now, person_id=act.person_id, version=version)
        case effects.ProposeBroadcast(card=card, group=group):
            with contextlib.suppress(Refused):  # approval or membership ended a moment ago: nothing is proposed
                await broadcasts.propose_as_member(
                    conn,
                    now,
                    store.house.audit,
                    act.library,
                    card=card,
                    group_id=group,
                    person_id=act.person_id,
                    drafts=act.drafts,
                )
        case _:
            await _told(conn, now, store, act)


async def _told(conn: AsyncConnection, now: datetime, store: Store, act: Act) -> None:
    """What she tells without being anybody, and her wish to be forgotten."""
    match act.effect:
        case effects.SendTip(kind=kind, when=when, area=area):
            await submissions_models.keep_tip(conn, now, kind=kind, seen=when, area=area)
        case effects.AskInDialogue(topic=topic, text=words):
            await submissions_models.keep_question(conn, now, store.house, topic=topic, text_=words)
        case effects.Forget(silent_hours=hours):
            await forget_requests.wish(conn, now, act.person_id, hours)
        case _:
            await _voice(conn, now, store, act)


async def _voice(conn: AsyncConnection, now: datetime, store: Store, act: Act) -> None:
    """What concerns a speaker's voice: her yes, a recording of hers, her no."""
    person = act.person_id
    match act.effect:
        case effects.BecomeSpeaker(code=code, version=version):
            await speakers.become(conn, now, store.house.index, person_id=person, code=code, version=version)
        case effects.KeepRecording(card=card, media=media):
            known = await speakers.of(conn, person)
            if known is not None:
                await recordings.receive(
                    conn, act.at, act.library, person=known, key=act.key, account=act.account, card=card, media=media
                )
        case effects.TakeVoiceBack(version=version):
            await speakers.leave(conn, now, person_id=person, version=version)


async def _open_case(
    conn: AsyncConnection, now: datetime, store: Store, act: Act, effect: effects.OpenCase
) -> audit.Act:
    row = await cases.open_case(
        conn,
        now,
        person_id=act.person_id,
        key=act.key,
        account=act.account,
        level=effect.level,
        reason=effect.reason,
        place_kind=effect.place,
        flags=effect.flags,
        readers=act.readers,
        recovery_public=store.house.recovery_public,
    )
    await cases.announce(conn, row.id)
    return audit.Act("bot", "case.opened", str(row.id), {"level": effect.level, "reason": effect.reason})


async def _add_hers(
    conn: AsyncConnection, now: datetime, act: Act, talks: dict[UUID, inbound.Hers], add: effects.AddToCase
) -> None:
    """Add what she wrote; a picture, voice or file stays where it is until it has been fetched.

    `talks` are the cases met in this transaction: of what she wrote in a row the first line wakes the case. When it is
    sure that she wrote it (not `behind` the cover), it may be her answer to the people of the case. What she changed
    in an old message or passed on (no word of her own, safety rule 19) is only added.
    """
    known = talks.get(act.person_id)
    case = known or await inbound.hers(driver_of(conn), act.person_id)
    if case is None:
        return  # closed between the load and this moment: the version check of the session lets her write again
    if act.kind in HERS:
        talks[act.person_id] = case
    kind = ATTACHED.get(act.kind) if add.media else None
    said = add.text.strip() if kind else f"{add.text}\n{add.media}".strip()
    line = await _add_line(conn, act, case, "in", said, str(act.n))
    if not add.behind and act.kind in HERS:
        await referral_models.hear(conn, act.at, case, said)
    if known is None and act.kind in HERS:
        await cases.she_wrote(conn, now, case.id)
    if kind and line is not None:
        await attachments.receive(
            conn, now, case=case, line=line, key=act.key, account=act.account, kind=kind, reference=add.media
        )


async def _add_line(
    conn: AsyncConnection, act: Act, case: inbound.Hers, direction: str, words: str, n: str
) -> int | None:
    """Add a line to a case; None when it is there already."""
    cause = f"{act.cause}.{n}"
    return await inbound.add_line(driver_of(conn), act.at, case, direction=direction, text=words, cause=cause)


async def _note_on_case(conn: AsyncConnection, now: datetime, act: Act, key: str, value: str) -> None:
    case = await inbound.hers(driver_of(conn), act.person_id)
    if case is not None:
        await _add_line(conn, act, case, "note", f"{key}={value}", f"{act.n}.{key}")
    await notes.note(conn, now, act.person_id, key, value)


async def release_kept(conn: AsyncConnection, now: datetime, person_id: UUID) -> None:
    """She is there again: answers kept for her silence may leave now (safety rule 6)."""
    await conn.execute(
        ledger.update()
        .where(ledger.c.person_id == person_id, ledger.c.status == Status.DEFERRED, ledger.c.reason == "kept")
        .values(not_before=now)
    )


async def _clean(conn: AsyncConnection, now: datetime, act: Act, hers: Sequence[str]) -> list[Entry]:
    """Ask the sender to delete what we sent her lately, and her own messages `hers`, where the channel can."""
    ids = [*await chat_cleanup.ours(conn, now, act.person_id), *hers]
    if not ids:
        return []
    body = seal_body(act.key, act.person_id, Cause.INBOX, act.cause, chat_cleanup.LAST, Shown(",".join(ids)))
    return [
        Entry(
            Cause.INBOX,
            act.cause,
            chat_cleanup.LAST,
            act.account,
            act.person_id,
            Content.CLEAN,
            effects.HELP,
            act.at,
            now,
            now + timedelta(hours=1),
            body,
        )
    ]


async def quarantine(conn: asyncpg.Connection, inbox_id: int, reason: str, index: bytes | None = None) -> None:
    """Set one event aside, sealed as it came, where staff see that it exists.

    `index` is the blind index of who wrote it, where that is known, so that forgetting her reaches it.
    """
    await conn.execute(
        "UPDATE inbox SET state = $2, reason = $3, bidx = $5 WHERE id = $1 AND state = $4",
        inbox_id, InboxState.QUARANTINED, reason, InboxState.PENDING, index,
    )  # fmt: skip


async def set_aside(conn: AsyncConnection) -> int:
    """How many events lie in quarantine."""
    return int((await conn.execute(text("SELECT count(*) FROM inbox WHERE state = 2"))).scalar_one())
