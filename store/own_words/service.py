"""Her two own words as staff type them, after agreeing them with her aloud; only their keyed hashes are kept.

The words themselves stand in no row, no record and no refusal. Nothing leaves to her phone.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import select, update

from content.library import Library
from flows.features.own_words import CONSENT_TO_WORDS
from flows.model.effects import RecordConsent
from flows.model.session import Session
from flows.parsing.code_words import folded, is_one, tag, tags, usable
from store.cases.service import load_case, owned_case, person_key
from store.checkins.models import code_salt, living
from store.errors import Refused
from store.people.models import open_session, seal_session, session
from store.people.service import record_consent
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

SPOKEN, PAGE = "spoken", "page"
"""Where she said yes to keeping them: aloud, or on the one-time page; it stands as the version of her consent."""


class AgreedWords(msgspec.Struct, frozen=True):
    """The two words as they were typed: what opens, and what opens alike and calls for help."""

    own: str
    duress: str

    def __repr__(self) -> str:
        """Nothing: no word may reach a log."""
        return "AgreedWords()"


async def keep_agreed(
    work: UnitOfWork, case_id: UUID, agreed: AgreedWords, library: Library, way: str = SPOKEN
) -> None:
    """Keep both words of the person of a case that is in the hands of whoever acts. Raises Refused, Forgotten.

    Her session is locked before the case, as it is where her messages are taken.
    """
    person_id = (await load_case(work.conn, case_id)).person_id
    query = select(session.c.version, session.c.state_ct).where(session.c.person_id == person_id).with_for_update()
    row = (await work.conn.execute(query)).one()
    case = await owned_case(work, case_id)
    key = await person_key(work.store, case)
    hashes = await _hashes(work, person_id, agreed, library)
    hers: Session = open_session(key, person_id, row.version, row.state_ct)
    hers.words = msgspec.structs.replace(hers.words, own=hashes[0], duress=hashes[1])
    sealed = seal_session(key, person_id, row.version + 1, hers)
    change = update(session).where(session.c.person_id == person_id)
    await work.conn.execute(change.values(version=row.version + 1, state_ct=sealed))
    await record_consent(work, person_id, RecordConsent(CONSENT_TO_WORDS, way, True))
    work.record("case.words", case_id, way=way)


async def kept(work: UnitOfWork, case_id: UUID) -> tuple[bool, bool]:
    """Whether the first and the second word of the person of a case are kept. Raises Refused, Forgotten."""
    case = await load_case(work.conn, case_id)
    key = await person_key(work.store, case)
    query = select(session.c.version, session.c.state_ct).where(session.c.person_id == case.person_id)
    row = (await work.conn.execute(query)).one()
    words = open_session(key, case.person_id, row.version, row.state_ct).words
    return bool(words.own), bool(words.duress)


async def _hashes(work: UnitOfWork, person_id: UUID, agreed: AgreedWords, library: Library) -> tuple[bytes, bytes]:
    """Hash both words with her salt. Raises Refused for what cannot be told from ordinary talk or from another word.

    The second is never one of the list that the chat shows: there she may choose her first anew.
    """
    if not all(usable(word, library.lexicon) for word in (agreed.own, agreed.duress)):
        raise Refused(Refusal.OWN_WORD_UNUSABLE)
    salt = code_salt(work.store.keys.index, person_id)
    own, duress = (tag(salt, folded(word)) for word in (agreed.own, agreed.duress))
    plan = await living(work.conn, person_id)
    others = (own, (plan.code_tag if plan is not None else None) or own)
    if any(is_one(tags(agreed.duress, salt), other) for other in others):
        raise Refused(Refusal.OWN_WORDS_ALIKE)
    listed = {folded(name) for names in library.things.names.values() for name in names.values()}
    if folded(agreed.duress) in listed:
        raise Refused(Refusal.OWN_WORD_LISTED)
    return own, duress
