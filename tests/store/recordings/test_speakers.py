"""A trusted speaker's voice: who may lend it, who lets it be heard, and how it falls silent."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from content.library import Library
from content.media.clip import Clip
from content.media.read_clip import read_clip
from content.recording_scripts import wanted
from flows.model.effects import BecomeSpeaker
from simulator.core.sample_media import silent_aac
from store import audit
from store.broadcasts.approvals import approve_card
from store.crypto.invite_codes import code_tag
from store.db.engine import Store, raw
from store.errors import Refused
from store.messages.hot_path.inbound import load_people
from store.people import models as people
from store.privacy import forgetting
from store.recordings import playback, speakers
from store.recordings import review as recording_review
from store.recordings import service as recordings
from store.recordings.models import recording
from store.staff import review_languages
from store.staff.models import CONTENT_REVIEWER, staff
from store.unit_of_work import UnitOfWork, member_actor, unit_of_work
from tests.support import content as shared_content
from tests.support.staff import TEST, work_of_test

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
INVITER, SECOND, THIRD = uuid4(), uuid4(), uuid4()
CARD = "noted"


@pytest.fixture(scope="module")
def library() -> Library:
    """The packaged content."""
    return shared_content.library()


async def somebody(store: Store) -> tuple[UUID, bytes]:
    """Somebody who wrote once: her id and blind index."""
    index = uuid4().bytes
    async with raw(store.data) as conn, raw(store.keyring) as ring:
        account = await people.register_account(conn, "bot", "zalo_bot")
        await people.add(conn, ring, store.ring, [(account, index, "1")], NOW)
        return (await load_people(conn, [index]))[index].id, index


async def reviewers(store: Store) -> None:
    """Three members who judge every language until somebody names theirs."""
    about = {"alias": "Hoa", "roles": [CONTENT_REVIEWER], "scope": "vn", "created_at": NOW}
    about |= {"public_key": b"", "vault": b""}
    rows = [about | {"id": who, "login": f"hoa{n}"} for n, who in enumerate((INVITER, SECOND, THIRD))]
    async with store.data.begin() as conn:
        await conn.execute(pg_insert(staff).values(rows).on_conflict_do_nothing())


def works(store: Store, who: UUID = INVITER, now: datetime = NOW) -> AbstractAsyncContextManager[UnitOfWork]:
    """A unit of work of one of the three."""
    return unit_of_work(store, now, member_actor(who))


async def speaker(store: Store, library: Library) -> tuple[UUID, bytes, str]:
    """A speaker of Vietnamese, invited by INVITER: her id, her blind index, her code. Three people can review."""
    person, index = await somebody(store)
    await reviewers(store)
    async with works(store) as work:
        code = await speakers.invite(work, library, "vi", "Hoa")
        await speakers.become(work, person, BecomeSpeaker(code, "recording_invited.vi.1"))
    return person, index, code


async def received(store: Store, library: Library, person: UUID, card: str = CARD) -> AESGCM:
    """Let her send a voice note for a card; returns her key."""
    async with raw(store.keyring) as ring:
        key = await store.ring.key_of(ring, person)
    async with works(store) as work:
        known = await speakers.of(work.conn, person)
        assert known is not None
        await recordings.receive(work, library, known, key, recordings.VoiceNote(card, "file-1", 1, NOW))
    return key


async def recorded(store: Store, library: Library, person: UUID, card: str = CARD) -> int:
    """Her voice note for a card, fetched and kept; returns its number."""
    key = await received(store, library, person, card)
    async with works(store) as work:
        [waits] = await recordings.fetching(work.conn, NOW, 5)
        assert b"file-1" not in waits.media_ct
        assert recordings.open_media(key, waits) == "file-1"
        await recordings.keep(work, key, waits, read_clip(silent_aac(40)))
    return waits.id


async def yes(store: Store, library: Library, number: int, who: UUID) -> bool:
    """One person's yes."""
    async with works(store, who) as work:
        return await recording_review.approve(work, library, number)


async def heard(store: Store, library: Library) -> dict[str, Any]:
    """What can be heard now."""
    async with store.data.connect() as conn:
        return dict((await playback.heard(conn, library)).sounds)


async def test_nobody_counts_twice_and_the_newest_approved_voice_is_heard(store: Store, library: Library) -> None:
    """Who invited the speaker can be one of the two, never both; a second recording replaces the first in the end."""
    person, _, _ = await speaker(store, library)
    first = await recorded(store, library, person)
    assert not await yes(store, library, first, INVITER)
    with pytest.raises(Refused, match="second person"):
        await yes(store, library, first, INVITER)
    assert await heard(store, library) == {}
    assert await playback.clip_of(store, first) is None, "not approved: not even its bytes"
    assert await yes(store, library, first, SECOND)
    assert (await heard(store, library))[f"{CARD}.vi"].recording == first
    second = await recorded(store, library, person)
    assert (await heard(store, library))[f"{CARD}.vi"].recording == first, "heard until another one is approved"
    await yes(store, library, second, SECOND)
    await yes(store, library, second, THIRD)
    assert (await heard(store, library))[f"{CARD}.vi"].recording == second
    async with store.data.connect() as conn:
        old = (await conn.execute(select(recording).where(recording.c.id == first))).one()
    assert (old.state, old.reason, old.sound_ct) == ("retired", "replaced", None)


async def test_only_who_was_given_its_language_judges_a_recording_or_a_text(store: Store, library: Library) -> None:
    """Neither yes nor no in a language that is not hers, nor from a stranger; whoever hears harm may silence any."""
    person, _, _ = await speaker(store, library)
    number = await recorded(store, library, person)
    async with works(store, SECOND) as work:
        test = work.acting_as(TEST)
        await review_languages.give(test, "hoa1", ["km", "en"])
        with pytest.raises(Refused, match=r"given .*vi"):
            await recording_review.approve(work, library, number)
        with pytest.raises(Refused, match="were not given"):
            await recording_review.refuse(work, number, "noise")
        with pytest.raises(Refused, match="were not given"):
            await approve_card(work, library, CARD, drafts=True)
        with pytest.raises(Refused, match="were not given"):
            await recording_review.approve(work.acting_as(member_actor(uuid4())), library, number)
        with pytest.raises(Refused, match="nobody signs in"):
            await review_languages.give(test, "nobody", [])
        await review_languages.give(test, "hoa1", ["en", "vi"])
        await approve_card(work, library, CARD, drafts=True)
        assert not await recording_review.approve(work, library, number)
        await review_languages.give(test, "hoa1", ["km"])
        await recording_review.retire(work, number)
    async with store.data.connect() as conn:
        named = [entry.meta for entry in await audit.page(conn) if entry.action == "staff.languages"]
    assert named == [{"km": True}, {"en": True, "vi": True}, {"en": True, "km": True}]


async def test_a_voice_falls_silent_when_it_is_taken_back_or_forgotten(store: Store, library: Library) -> None:
    """Taking it back removes the sound; forgetting destroys the key it was sealed under, row and all."""
    person, index, code = await speaker(store, library)
    number = await recorded(store, library, person)
    await yes(store, library, number, SECOND)
    await yes(store, library, number, THIRD)
    assert isinstance(await playback.clip_of(store, number), Clip)
    async with works(store) as work:
        found = await speakers.find(work.conn, NOW, [code_tag(store.keys.index, code)])
        assert list(found.values()) == [("vi", index)], "a used code is hers alone"
        await recordings.take_voice_back(work, person, "recording_invited.vi.1")
    assert await heard(store, library) == {}
    other, _, _ = await speaker(store, library)
    number = await recorded(store, library, other)
    await yes(store, library, number, SECOND)
    await yes(store, library, number, THIRD)
    await forgetting.destroy_keys(store, NOW, [other])
    assert await playback.clip_of(store, number) is None, "before the row is gone its sound cannot be opened"
    async with work_of_test(store, NOW) as work:
        await forgetting.clear(work, [other])
    assert await heard(store, library) == {}


async def test_changed_words_silence_a_recording_and_a_refusal_says_why(store: Store, library: Library) -> None:
    """A recording is bound to the words it was made for; what was refused waits for a voice again, with the reason."""
    person, _, _ = await speaker(store, library)
    number = await recorded(store, library, person)
    async with works(store, SECOND) as work:
        await recording_review.refuse(work, number, "noise")
        found = await playback.heard(work.conn, library)
    assert found.refused == {"vi": {CARD: "noise"}}
    assert CARD not in found.taken.get("vi", frozenset())
    number = await recorded(store, library, person)
    await yes(store, library, number, SECOND)
    async with store.data.begin() as conn:
        await conn.execute(recording.update().where(recording.c.id == number).values(words=b"older words"))
    with pytest.raises(Refused, match="have changed"):
        await yes(store, library, number, THIRD)
    assert await heard(store, library) == {}


async def test_a_code_is_for_one_person_two_weeks_and_a_language_that_is_recorded(
    store: Store, library: Library
) -> None:
    """A second person finds nothing behind it, and neither does whoever comes late; a name with signs is no alias."""
    person, _, code = await speaker(store, library)
    other, _ = await somebody(store)
    async with works(store) as work:
        await speakers.become(work, other, BecomeSpeaker(code, "v"))
        assert await speakers.of(work.conn, other) is None
        assert await speakers.of(work.conn, person) == speakers.Speaker(person, "vi", "Hoa", INVITER)
        late = await speakers.invite(work, library, "hmn", "Mai")
        after = NOW + speakers.LIVES + timedelta(seconds=1)
        assert await speakers.find(work.conn, after, [code_tag(store.keys.index, late)]) == {}
        for lang, alias in (("en", "Mai"), ("xx", "Mai"), ("vi", "M"), ("vi", "Mai <b>")):
            with pytest.raises(Refused):
                await speakers.invite(work, library, lang, alias)


def test_what_is_read_aloud_is_said_as_it_stands(library: Library) -> None:
    """No card with a slot is asked for: a recording could not say what goes into it; the menu comes first."""
    cards = wanted(library)
    assert cards[0] == "menu"
    assert not any(library.card(card).slots for card in cards)
    assert "emergency.vn" not in cards
    assert len(set(cards)) == len(cards)


async def test_a_voice_note_whose_worker_died_stands_in_nobodys_way(store: Store, library: Library) -> None:
    """It was counted before it was worked on: the next round takes the others, and it comes later, behind them."""
    person, _, _ = await speaker(store, library)

    async def begun(now: datetime) -> list[str]:
        async with works(store, now=now) as work:
            return [row.card for row in await recordings.begin_tries(work, now - timedelta(seconds=30), 1)]

    first, second = wanted(library)[:2]
    for card in (first, second):
        await received(store, library, person, card)
    assert [await begun(NOW) for _ in range(3)] == [[first], [second], []]
    assert await begun(NOW + timedelta(seconds=31)) == [first]
