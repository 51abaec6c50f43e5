"""Refusals of the pages of groups, broadcasts, cards and recordings: each request is told its own reason."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from console.web.refusals import STATUS
from content.directory.refusals import refusal_labels
from content.library import Library
from store.areas import models as areas
from store.broadcasts.approvals import approve_card
from store.broadcasts.models import REFUSED, broadcast, broadcast_text
from store.broadcasts.proposals import WAITS, ProposedCard, propose
from store.groups import service as groups
from store.refusals import Refusal
from store.unit_of_work import SERVICE
from tests.support.console_room import Room

NA_SANG, CARD = "vn-11-03172", "leave.two-numbers"
WAITING, OLD, DECIDED, TAMPERED, OWN = 1, 2, 3, 4, 5
"""Broadcasts: one that waits, one that is too old, one that is decided, one with other words, one of the approver."""
GROUPS, BROADCASTS, CARDS = "/console/groups", "/console/broadcasts", "/console/cards"
RECORDINGS, GROUP = "/console/recordings", {"title": "Tổ thử", "area": NA_SANG}
RECALL = {"card": "offer.loan", "because": "the fee has changed", "instead": ""}
Form = Mapping[str, str]

ASKED: tuple[tuple[str, str, Form, Refusal], ...] = (
    ("canbo", GROUPS, GROUP | {"title": "T"}, Refusal.GROUP_NAME_LENGTH),
    ("canbo", GROUPS, GROUP | {"area": "vn"}, Refusal.COMMUNE_UNKNOWN),
    ("canbo", GROUPS, {"title": "Tổ thử", "place": "trường sơn"}, Refusal.COMMUNE_AMBIGUOUS),
    ("canbo", f"{GROUPS}/1/invite", {"kind": "nonsense"}, Refusal.INVITATION_KIND),
    ("canbo", f"{GROUPS}/999/invite", {"kind": "member"}, Refusal.GROUP_NOT_FOUND),
    ("canbo", BROADCASTS, {"card": CARD, "group": "nonsense"}, Refusal.GROUP_NOT_FOUND),
    ("canbo", BROADCASTS, {"card": "nonsense", "group": "1"}, Refusal.CARD_NOT_APPROVED),
    ("duyettin", f"{BROADCASTS}/999/decide", {"say": "yes"}, Refusal.BROADCAST_NOT_FOUND),
    ("duyettin", f"{BROADCASTS}/{WAITING}/decide", {"say": "nonsense"}, Refusal.BROADCAST_DECISION_UNKNOWN),
    ("duyettin", f"{BROADCASTS}/{WAITING}/decide", {"say": "yes", "digest": "00"}, Refusal.BROADCAST_NOT_AS_SHOWN),
    ("duyettin", f"{BROADCASTS}/{OLD}/decide", {"say": "yes"}, Refusal.BROADCAST_TOO_OLD),
    ("duyettin", f"{BROADCASTS}/{DECIDED}/decide", {"say": "yes"}, Refusal.BROADCAST_DECIDED),
    ("duyettin", f"{BROADCASTS}/{TAMPERED}/decide", {"say": "yes"}, Refusal.BROADCAST_CHANGED),
    ("duyettin", f"{BROADCASTS}/{OWN}/decide", {"say": "yes"}, Refusal.BROADCAST_SECOND_PERSON),
    ("duyettin", f"{BROADCASTS}/{WAITING}/steer", {"act": "nonsense"}, Refusal.BROADCAST_CHANGE_UNKNOWN),
    ("duyettin", f"{BROADCASTS}/{WAITING}/steer", {"act": "pause"}, Refusal.BROADCAST_NOT_UNDER_WAY),
    ("bientap", "/console/card/nonsense", {}, Refusal.CARD_NOT_FOUND),
    ("bientap", f"/console/card/{CARD}", {"seen": "nonsense"}, Refusal.CARD_WORDS_CHANGED),
    ("bientap", f"{CARDS}/recall", RECALL | {"card": "emergency.vn"}, Refusal.CARD_NEEDED),
    ("bientap", f"{CARDS}/recall", RECALL | {"because": " "}, Refusal.CARD_RECALL_REASON),
    ("bientap", f"{CARDS}/recall", RECALL | {"instead": "nonsense"}, Refusal.CARD_INSTEAD),
    ("bientap", f"{CARDS}/back", {"card": CARD}, Refusal.CARD_NOT_RECALLED),
    ("canbo", RECORDINGS, {"lang": "nonsense", "alias": "Hoa"}, Refusal.SPEAKER_LANGUAGE),
    ("canbo", RECORDINGS, {"lang": "vi", "alias": "<b>"}, Refusal.SPEAKER_ALIAS),
    ("bientap", f"{RECORDINGS}/999", {"say": "yes"}, Refusal.RECORDING_NOT_WAITING),
    ("bientap", f"{RECORDINGS}/999", {"say": "retire"}, Refusal.RECORDING_SETTLED),
    ("bientap", f"{RECORDINGS}/999", {"say": "nonsense"}, Refusal.RECORDING_REASON_UNKNOWN),
)


@pytest.fixture
async def digest(room: Room, library: Library) -> AsyncIterator[str]:
    """A group and five broadcasts of one card to it; the digest of what each of them shows."""
    await room.hire("canbo", "duyettin", "bientap")
    room.settings.demo = True
    async with room.works("canbo") as work:
        await areas.sync_units(work.conn, library.areas)
        group = await groups.create_group(work, "Tổ Na Sang", NA_SANG)
        await approve_card(work.acting_as(SERVICE), library, CARD, drafts=True)
        for _ in range(TAMPERED):
            await propose(work, library, ProposedCard(CARD, group), drafts=True)
        long_ago = work.now - WAITS - timedelta(seconds=1)
        await work.conn.execute(update(broadcast).where(broadcast.c.id == OLD).values(proposed_at=long_ago))
        await work.conn.execute(update(broadcast).where(broadcast.c.id == DECIDED).values(state=REFUSED))
        tampered = update(broadcast_text).where(broadcast_text.c.broadcast_id == TAMPERED)
        await work.conn.execute(tampered.values(shown=b"\x81\xa4text\xa1x"))
    async with room.works("duyettin") as work:
        await propose(work, library, ProposedCard(CARD, group), drafts=True)
        [shown] = (await work.conn.execute(select(broadcast.c.digest).distinct())).scalars()
    yield shown.hex()
    library.withdraw({})


@pytest.mark.parametrize("lang", ["en", "vi"])
async def test_each_request_is_told_its_own_reason(room: Room, digest: str, lang: str) -> None:
    """A choice that does not exist is refused as such, what cannot be done with why, in the language of who asks."""
    for login in ("canbo", "duyettin", "bientap"):
        async with room.signed_in(login) as browser:
            browser.cookies.set("lang", lang)
            for path, form, refusal in [rest for who, *rest in ASKED if who == login]:
                answer = await browser.post(path, data={"digest": digest, **form})
                assert answer.status_code == STATUS[refusal.kind], (path, form)
                assert refusal_labels()[refusal][lang] in html.unescape(answer.text), (path, form)


async def test_what_is_not_there_or_was_changed_is_not_shown(room: Room, digest: str) -> None:
    """A broadcast with other words, one that does not exist, a sound that is gone: each with its reason."""
    pages = (
        (f"{BROADCASTS}/{TAMPERED}", Refusal.BROADCAST_CHANGED),
        (f"{BROADCASTS}/999", Refusal.BROADCAST_NOT_FOUND),
        (f"{RECORDINGS}/999/sound", Refusal.RECORDING_NOT_FOUND),
    )
    async with room.signed_in("duyettin") as browser:
        for path, refusal in pages:
            answer = await browser.get(path)
            assert (answer.status_code, refusal_labels()[refusal]["vi"] in html.unescape(answer.text)) == (
                STATUS[refusal.kind],
                True,
            ), path
