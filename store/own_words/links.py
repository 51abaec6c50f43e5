"""A one-time page for both of her words: a code that opens a form once, within fifteen minutes, for one case.

The code is 128 random bits. What is kept of it is a keyed hash; when it opens the form, the hash of another one takes
its place, so that a second opening finds nothing. The row goes with the words it brought.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Uuid, delete, false, insert, update

from content.library import Library
from store.cases.service import owned_case
from store.metadata import metadata
from store.own_words.service import PAGE, AgreedWords, keep_agreed
from store.unit_of_work import UnitOfWork, member_actor

LIVES = timedelta(minutes=15)
_BYTES, _GROUP = 16, 4
word_link = Table(
    "word_link",
    metadata,
    Column("code_tag", LargeBinary, primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False),
    Column("opened", Boolean, nullable=False, server_default=false()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)


async def make(work: UnitOfWork, case_id: UUID) -> str:
    """Make the code of a page for the person of a case in the hands of whoever acts; older ones open no more."""
    await owned_case(work, case_id)
    await work.conn.execute(delete(word_link).where(word_link.c.case_id == case_id))
    code = _new_code()
    values = {"case_id": case_id, "staff_id": work.staff_id, "expires_at": work.now + LIVES}
    await work.conn.execute(insert(word_link).values(values | {"code_tag": _tag(work, code)}))
    work.record("case.words_page", case_id)
    return code


async def open_once(work: UnitOfWork, code: str) -> str:
    """Open the page: the key of its form, once; "" for a code that was used, is over or never was."""
    key = _new_code()
    fresh = ~word_link.c.opened, word_link.c.expires_at > work.now
    change = update(word_link).where(word_link.c.code_tag == _tag(work, code), *fresh)
    change = change.values(code_tag=_tag(work, key), opened=True).returning(word_link.c.case_id)
    return key if (await work.conn.execute(change)).one_or_none() is not None else ""


async def keep(work: UnitOfWork, key: str, agreed: AgreedWords, library: Library) -> bool:
    """Keep both words for whoever made the page, who must still have the case; False where the form is over.

    Raises Refused, Forgotten; then the form holds until its time is over.
    """
    open_now = word_link.c.code_tag == _tag(work, key), word_link.c.opened, word_link.c.expires_at > work.now
    gone = delete(word_link).where(*open_now).returning(word_link.c.case_id, word_link.c.staff_id)
    row = (await work.conn.execute(gone)).one_or_none()
    if row is None:
        return False
    await keep_agreed(work.acting_as(member_actor(row.staff_id)), row.case_id, agreed, library, PAGE)
    return True


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=")
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _tag(work: UnitOfWork, code: str) -> bytes:
    """The keyed hash of a code, however it was typed."""
    plain = "".join(letter for letter in code.upper()[:64] if letter.isalnum())
    return hmac.digest(work.store.keys.index, f"words page|{plain}".encode(), "sha256")
