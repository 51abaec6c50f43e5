"""Retention: how long each class of data is kept, who says so, and the hourly sweep that proves it.

The audit is no class: it is insert-only and never swept (docs/adr).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Table, Text, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.attachments.service import KEPT_FOR, case_attachment
from store.audit_search import exports as audit_exports
from store.cases.aliases import alias_in_use
from store.cases.keys import case_key, case_key_copy
from store.cases.models import case_line
from store.casework import unanswered
from store.casework.drafts import case_draft
from store.db.engine import Store
from store.escalation.escalations import climb
from store.messages import hold
from store.messages.models import InboxState, inbox, inbox_key, ledger
from store.metadata import metadata
from store.own_words.links import word_link
from store.privacy.sweeps import (
    Sweep,
    attached,
    ended,
    ended_drills,
    final,
    final_with_text,
    forgotten,
    idle_people,
    keys_of_nobody,
    of_closed_cases,
    older,
    received,
    rows,
    sent_copies,
    unsent_uploads,
    unused_hours,
)
from store.recordings.links import media_link
from store.recordings.models import recording
from store.recordings.speakers import speaker_invitation
from store.referrals.models import referral
from store.staff.contacts import staff_code
from store.staff.models import login_attempt, staff_session
from store.submissions.models import KEPT, dialogue_question, tip

retention_run = Table(
    "retention_run",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("class", Text, nullable=False),
    Column("removed", BigInteger, nullable=False),
    Column("left", BigInteger, nullable=False),
)
Index("ix_retention_run_class", retention_run.c["class"], retention_run.c.id)

_PROTOCOL = "safe conversation protocol, proposed 2026-11-22"
_LAW = "Law 91/2025/QH15, article 14 (in force 2026-01-01): no longer than the purpose needs"
_OURS = "engineering, 2026-11-25"


class RetentionClass(msgspec.Struct, frozen=True):
    """A class of data: how long it is kept, why, who says so, and how it is swept.

    `real`: its times are of the real clock (sign-ins, web sessions), whatever a demo does with the application's.
    """

    name: str
    kept: timedelta
    why: str
    source: str
    sweep: Sweep
    real: bool = False


class RetentionRun(msgspec.Struct, frozen=True):
    """One sweep of one class: how many were removed, and how many are left that should not be there."""

    name: str
    removed: int
    left: int


def _days(days: float) -> timedelta:
    return timedelta(days=days)


CLASSES: tuple[RetentionClass, ...] = (
    RetentionClass("forgotten", _days(0), "she asked", _LAW, forgotten),
    RetentionClass("idle_person", _days(90), "never asked for help, and silent", _PROTOCOL, idle_people),
    RetentionClass(
        "case_line", _days(30), "chat after close", _PROTOCOL, rows(case_line, of_closed_cases(case_line.c.case_id))
    ),
    RetentionClass(
        "case_attachment",
        KEPT_FOR,
        "a picture is looked at in days",
        _OURS,
        rows(case_attachment, attached, blank=["sealed", "reference_ct"]),
    ),
    RetentionClass("case_upload", _days(2), "an answer nobody finished", _OURS, rows(case_attachment, unsent_uploads)),
    RetentionClass(
        "attachment_copy",
        timedelta(hours=1),
        "has left, and its address is dead",
        _OURS,
        rows(case_attachment, sent_copies, blank=["copy_ct", "link_hash", "link_until"]),
    ),
    RetentionClass(
        "case_key_copy",
        _days(30),
        "opens nothing when the chat is gone",
        _PROTOCOL,
        rows(case_key_copy, of_closed_cases(case_key_copy.c.case_id)),
    ),
    RetentionClass(
        "case_key",
        _days(30),
        "seals nothing when the case is closed",
        _PROTOCOL,
        rows(case_key, of_closed_cases(case_key.c.case_id)),
    ),
    RetentionClass(
        "case_alias",
        _days(30),
        "the case can be opened no more: its name is free for another",
        _OURS,
        rows(alias_in_use, of_closed_cases(alias_in_use.c.case_id)),
    ),
    RetentionClass(
        "referral",
        _days(30),
        "as long as the chat; the audit keeps that it was",
        _OURS,
        rows(referral, of_closed_cases(referral.c.case_id)),
    ),
    RetentionClass(
        "case_draft", _days(2), "an answer nobody finished", _OURS, rows(case_draft, older(case_draft.c.at))
    ),
    RetentionClass(
        "unanswered",
        unanswered.KEPT,
        "a human looks within the day",
        _OURS,
        rows(unanswered.unanswered, older(unanswered.unanswered.c.at)),
    ),
    RetentionClass(
        "inbox_quarantined", _days(14), "time to look", _OURS, rows(inbox, received(InboxState.QUARANTINED))
    ),
    RetentionClass("inbox_done", _days(14), "platforms deliver again", _OURS, rows(inbox, received(InboxState.DONE))),
    RetentionClass("inbox_key", _days(2), "an hour's key without messages", _OURS, rows(inbox_key, unused_hours)),
    RetentionClass("ledger_text", _days(3), "will not leave", _OURS, rows(ledger, final_with_text, blank=["body_ct"])),
    RetentionClass("ledger", _days(30), "as long as the chat", _OURS, rows(ledger, final)),
    RetentionClass(
        "media_link", _days(0), "leads nowhere any more", _OURS, rows(media_link, older(media_link.c.expires_at))
    ),
    RetentionClass(
        "word_link", _days(0), "opens nothing any more", _OURS, rows(word_link, older(word_link.c.expires_at))
    ),
    RetentionClass("recording_ended", _days(30), "its speaker may ask why", _OURS, rows(recording, ended)),
    RetentionClass(
        "speaker_code",
        _days(30),
        "opens nothing any more",
        _OURS,
        rows(speaker_invitation, older(speaker_invitation.c.expires_at)),
    ),
    RetentionClass("drill", _days(180), "half a year shows whether it holds", _OURS, rows(climb, ended_drills)),
    RetentionClass(
        "staff_code", _days(1), "binds nothing any more", _OURS, rows(staff_code, older(staff_code.c.expires_at))
    ),
    RetentionClass(
        "login_attempt",
        _days(1),
        "sign-in limits look back an hour",
        _OURS,
        rows(login_attempt, older(login_attempt.c.at), keyring=True),
        real=True,
    ),
    RetentionClass(
        "staff_session",
        _days(1),
        "a session ends after 8 hours",
        _OURS,
        rows(staff_session, older(staff_session.c.created_at), keyring=True),
        real=True,
    ),
    RetentionClass("key_of_nobody", _days(7), "a restore may be repeated", _LAW, keys_of_nobody),
    RetentionClass("tip", KEPT, "told so before it was sent", _OURS, rows(tip, older(tip.c.day))),
    RetentionClass(
        "dialogue_question",
        KEPT,
        "told so before it was sent",
        _OURS,
        rows(dialogue_question, older(dialogue_question.c.day)),
    ),
    RetentionClass(
        "audit_export",
        audit_exports.KEPT_FOR,
        "why a file was taken; the audit keeps that it was",
        _OURS,
        rows(audit_exports.audit_export, older(audit_exports.audit_export.c.asked_at)),
    ),
    RetentionClass(
        "retention_run", _days(90), "what health looks back on", _OURS, rows(retention_run, older(retention_run.c.at))
    ),
)
"""Every class, in the order it is swept."""


async def sweep(store: Store, now: datetime, one: RetentionClass) -> RetentionRun:
    """Sweep one class and write down what became of it. Idempotent; any process may do it at any time."""
    removed, left = await one.sweep(store, now, now - one.kept)
    async with store.data.begin() as conn:
        await conn.execute(
            insert(retention_run).values({"at": now, "class": one.name, "removed": removed, "left": left})
        )
    return RetentionRun(one.name, removed, left)


async def sweep_once(store: Store, now: datetime, real: datetime | None = None) -> list[RetentionRun]:
    """Sweep every class once; `real` is the real time where the clock of the application may be moved.

    Nothing is swept while the service is on hold: a restore may have to be done again.
    """
    async with store.data.connect() as conn:
        if await hold.find(conn) is not None:
            return []
    return [await sweep(store, real if real and one.real else now, one) for one in CLASSES]


async def latest(conn: AsyncConnection) -> dict[str, tuple[datetime, int]]:
    """When each class was swept last, and how many were left then; for health and metrics."""
    newest = select(func.max(retention_run.c.id)).group_by(retention_run.c["class"])
    query = select(retention_run.c["class"], retention_run.c.at, retention_run.c["left"])
    found = await conn.execute(query.where(retention_run.c.id.in_(newest)))
    return {name: (at, left) for name, at, left in found}
