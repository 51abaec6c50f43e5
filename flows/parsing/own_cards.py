"""Recognition of our own words: whoever passes them on or pastes them says nothing of her own (safety rule 19).

Where a channel tells who wrote first, that decides. Elsewhere a message is ours when the whole of it stands on our
cards, tones, case and signs aside. Of a message that holds sentences of ours what stands around them is hers, and is
judged; the rest goes to whoever helps her beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from content.directory.dialling import nationally
from content.directory.numbers import line_with_cost
from content.library import Library
from flows.model.messages import Incoming
from flows.parsing.own_sentences import HIDDEN, OwnSentences

SHORTEST = 60
"""Characters from which a message that is ours alone gets no answer; a shorter one is answered as saying nothing."""
HER_WORDS = frozenset({"text", "image", "voice", "file"})
"""Kinds that hold words of hers: a caption, too."""
TO_SAY = ".say"
"""How the cards are called that hold a sentence for her to say: it is hers, wherever she says it."""


def recognised(incoming: Incoming, library: Library) -> Incoming:
    """Return what came as what it is: words of ours that she passed on, her own, or her own around ours."""
    if incoming.kind not in HER_WORDS:
        return incoming
    text = incoming.text
    hers = _sentences_of(library).around(text)
    if hers is None:
        return incoming
    if not hers and incoming.kind == "text" and len(text) >= SHORTEST:
        return msgspec.structs.replace(incoming, kind="own_card")
    beside = "\n".join(filter(None, (incoming.card, text)))
    return msgspec.structs.replace(incoming, text=hers, card=beside)


@lru_cache(maxsize=4)
def _sentences_of(library: Library) -> OwnSentences:
    cards = (card for versions in library.cards.values() for card in versions.values())
    return OwnSentences(_texts(library), (choice.label for card in cards for choice in card.choices))


def _texts(library: Library) -> Iterator[str]:
    """Yield every text that a person may have from us: cards in all their versions, and the lines of numbers."""
    for name, versions in library.cards.items():
        for lang, card in () if name.endswith(TO_SAY) else versions.items():
            said = library.say(name, lang, **dict.fromkeys(card.slots, HIDDEN)) if library.has(name) else None
            words = [said.text if said else card.text, *(earlier.text for earlier in card.earlier)]
            if said and said.dialled:
                words.append(nationally(said.text, said.dialled))
            yield from words
            yield from _addressed(library, lang, words)
    for lang in ("vi", "en"):
        for service in library.services.values():
            if service.numbers:
                yield line_with_cost(library.say, service, lang)
                yield line_with_cost(library.say, service, lang, at_home=True)


def _addressed(library: Library, lang: str, words: list[str]) -> Iterator[str]:
    """Yield each text as it calls whoever chose how she is called."""
    address = library.tone.address.get(lang)
    if address is not None:
        yield from (address.text(text, chosen) for text in words for chosen in address.chosen)
