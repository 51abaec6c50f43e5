"""Review gates: one question, what is still open for a card, answered from its texts and every fact they show."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from content.library import Library
from content.review_gates import CALL_AGAIN_DAYS, Gate, barring, open_gates
from tests.support import content

CARD, SERVICE = "leave.two-numbers", "vn.consular"
REVIEWED = content.reviewed().library
TODAY = date.fromisoformat(REVIEWED.services[SERVICE].verified_on)
BOTH = ("vi", "en")
LAW = next(
    name for name in REVIEWED.law if any(f"{{law:{name}}}" in all_["vi"].text for all_ in REVIEWED.cards.values())
)
LAW_CARD = next(name for name, all_ in REVIEWED.cards.items() if f"{{law:{LAW}}}" in all_["vi"].text)


def with_card(lang: str | None = None, name: str = CARD, **change: Any) -> Library:
    """The reviewed content with one card changed, in one language or in every one."""
    texts = REVIEWED.cards[name]
    bent = {code: replace(card, **change) if lang in (None, code) else card for code, card in texts.items()}
    return content.changed(REVIEWED, cards={**REVIEWED.cards, name: bent})


def with_service(**change: Any) -> Library:
    """The reviewed content with one service changed."""
    service = replace(REVIEWED.services[SERVICE], **change)
    return content.changed(REVIEWED, services={**REVIEWED.services, SERVICE: service})


def with_law(**change: Any) -> Library:
    """The reviewed content with one fact of law changed."""
    return content.changed(REVIEWED, law={**REVIEWED.law, LAW: replace(REVIEWED.law[LAW], **change)})


def unread() -> Library:
    """The reviewed content with the card on a source that nobody has read."""
    sources = {**REVIEWED.sources, "unread": content.library().sources["unread"]}
    return content.changed(with_card(source=("unread",)), sources=sources)


def gone() -> Library:
    """The reviewed content with the card recalled."""
    library = content.changed(REVIEWED)
    library.withdraw({CARD: ""})
    return library


YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
LONG_AGO = (TODAY - timedelta(days=CALL_AGAIN_DAYS + 1)).isoformat()
OPEN = {
    "a review in every language": (with_card(needs_review=("safety", "fact")), ["safety ", "fact "]),
    "a review of one language": (with_card("en", needs_review=("language",)), [Gate("language", "", ("en",))]),
    "no sound": (with_card("vi", needs_review=("audio",)), [Gate("audio", "", ("vi",))]),
    "law": (with_card(needs_review=("legal",)), [Gate("legal", "", BOTH)]),
    "a draft without a list of reviews": (with_card("en", status="draft"), [Gate("draft", "", ("en",))]),
    "a card whose day has passed": (with_card(review_by=YESTERDAY), [Gate("overdue", "", BOTH)]),
    "a source nobody read": (unread(), [Gate("unread", "", BOTH)]),
    "a number nobody called": (with_service(verified_on=""), [Gate("uncalled", SERVICE, BOTH)]),
    "a call of long ago": (with_service(verified_on=LONG_AGO), [Gate("stale", SERVICE, BOTH)]),
    "a number without a source": (with_service(status="unverified"), [Gate("unread", SERVICE, BOTH)]),
    "a service whose day has passed": (with_service(review_by=YESTERDAY), [Gate("overdue", SERVICE, BOTH)]),
    "recalled": (gone(), [Gate("recalled")]),
}


@pytest.mark.parametrize(("library", "gates"), OPEN.values(), ids=OPEN.keys())
def test_each_thing_left_undone_is_a_gate(library: Library, gates: list[Any]) -> None:
    """Of the card in any language, and of every fact it shows; with the texts it bars."""
    found = open_gates(library, CARD, TODAY)
    for wanted, gate in zip(gates, found, strict=True):
        assert str(gate).startswith(wanted) if isinstance(wanted, str) else gate == wanted


@pytest.mark.parametrize(
    ("change", "kind"), [({"status": "unverified"}, "unread"), ({"review_by": YESTERDAY}, "overdue")]
)
def test_a_fact_of_law_that_a_card_shows_is_a_gate(change: dict[str, Any], kind: str) -> None:
    """Unverified or overdue; a card that does not show it stays open to be sent."""
    library = with_law(**change)
    assert kind in {gate.kind for gate in open_gates(library, LAW_CARD, TODAY) if gate.about == LAW}
    assert open_gates(library, CARD, TODAY) == ()


def test_what_was_reviewed_and_called_has_no_gate_and_what_ships_has() -> None:
    """Every card of the reviewed content may be sent; none of the packaged one, which is all drafts."""
    assert {name: gates for name in REVIEWED.cards if (gates := open_gates(REVIEWED, name, TODAY))} == {}
    packaged = content.library()
    assert [name for name in packaged.cards if not barring(open_gates(packaged, name, TODAY), drafts=False)] == []


def test_a_trial_passes_drafts_but_nothing_overdue_or_recalled() -> None:
    """What nobody has reviewed may be tried out; what has grown too old, or was taken away, may not."""
    for library, _ in OPEN.values():
        found = open_gates(library, CARD, TODAY)
        assert barring(found, drafts=False) == found
        assert {gate.kind for gate in barring(found, drafts=True)} == {g.kind for g in found} & {"overdue", "recalled"}


def test_the_day_of_review_itself_is_in_time() -> None:
    """Overdue begins on the day after."""
    library = with_card(review_by=TODAY.isoformat())
    assert open_gates(library, CARD, TODAY) == ()
    assert [gate.kind for gate in open_gates(library, CARD, TODAY + timedelta(days=1))] == ["overdue"]
