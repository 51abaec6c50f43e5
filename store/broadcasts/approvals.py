"""Approvals of cards for broadcasting: somebody has read a card's exact words, in every language."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.loader import LANGUAGES
from store.areas.models import NATION
from store.broadcasts import card_recalls, review_gates
from store.broadcasts.models import card_approval, pack
from store.errors import Refused
from store.refusals import Refusal
from store.staff import authorization, review_languages
from store.unit_of_work import UnitOfWork


async def approve_card(
    work: UnitOfWork, library: Library, card: str, *, drafts: bool = False, seen: str | None = None
) -> None:
    """Approve a card's words, in every language, for broadcasting. Changed words need a new approval.

    `seen` is the mark of the words that stood on the page (`words_mark`): others are not approved unread.

    It holds in the whole nation, so it is given by somebody who works for it, or by the service itself. `drafts` lets
    a trial approve what nobody has reviewed. Raises Refused, also when one of the languages is not hers, and naming
    every review and fact that is still open.
    """
    if not library.has(card):
        raise Refused(Refusal.CARD_NOT_FOUND)
    staff_id = work.actor.staff_id
    if staff_id is not None:
        await authorization.require(work.conn, staff_id, NATION)
        await review_languages.require(work.conn, staff_id, LANGUAGES)
    await review_gates.require(work, library, card, drafts=drafts)
    if seen is not None and seen != words_mark(library, card):
        raise Refused(Refusal.CARD_WORDS_CHANGED)
    about = {"card": card, "approved_by": staff_id, "at": work.now}
    values = [about | {"lang": lang, "digest": words_digest(library, card, lang)} for lang in LANGUAGES]
    await work.conn.execute(insert(card_approval).values(values).on_conflict_do_nothing())
    work.record("card.approved", card[:64])


def words_digest(library: Library, card: str, lang: str) -> bytes:
    """The digest of a card's exact words in one language."""
    said = library.say(card, lang)
    return hashlib.sha256(pack((card, lang, said.text, said.choices, said.phones))).digest()


def words_mark(library: Library, card: str) -> str:
    """A mark of a card's exact words in all languages that are approved together."""
    return hashlib.sha256(b"".join(words_digest(library, card, lang) for lang in LANGUAGES)).hexdigest()[:16]


async def ready(conn: AsyncConnection, now: datetime, library: Library, *, drafts: bool = False) -> tuple[str, ...]:
    """The approved cards that nothing bars from being broadcast now, in reading order."""
    found = await approved(conn, library)
    return tuple(card for card in found if not review_gates.barred_by(library, card, now, drafts=drafts))


async def approved(conn: AsyncConnection, library: Library) -> tuple[str, ...]:
    """The cards whose present words are approved in every language and recalled nowhere, in reading order."""
    await card_recalls.apply(conn, library)
    query = select(card_approval.c.card, card_approval.c.lang, card_approval.c.digest)
    known = set(await conn.execute(query))
    cards = {card for card, _, _ in known}
    names = [card for card in library.cards if card in cards and library.has(card)]
    return tuple(c for c in names if all((c, lang, words_digest(library, c, lang)) in known for lang in LANGUAGES))
