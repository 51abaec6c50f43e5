"""Pictures: an album is one message, and what was asked about goes to the people of the case that opens.

Some channels send an album as a message for each picture: the first is answered, the others say nothing new. Without a
case nothing is kept but where a picture lies, and that only while the question about it stands.
"""

from __future__ import annotations

from flows.context import Context
from flows.features.cases import keep_words
from flows.model.effects import COVER, AddToCase
from flows.model.session import UnseenFile

QUESTION = "Cry:unseen"
"""The state that asks about what nobody has seen."""
KINDS = frozenset({"image", "file"})
MOST = 20


def is_rest(context: Context) -> bool:
    """Say whether this belongs to the album that was answered."""
    return bool(context.incoming.album) and context.incoming.album == context.before.album


def keep_rest(context: Context) -> bool:
    """Hand one more picture of an album to the people of her case; nothing is said of it."""
    keep_words(context)
    return True


def settle(context: Context) -> None:
    """Hold what is asked about, hand it on when a case opens, and let it go when the question has gone."""
    session, incoming = context.session, context.incoming
    session.album = incoming.album or session.album
    if context.facts.case is not None:
        behind = COVER if session.words.covered else ""
        context.effects += [AddToCase("", file.media, behind, kind=file.kind) for file in session.unseen]
        session.unseen = ()
    elif session.state != QUESTION:
        session.unseen = ()
    elif incoming.kind in KINDS and incoming.media:
        session.unseen = (*session.unseen, UnseenFile(incoming.kind, incoming.media))[-MOST:]
