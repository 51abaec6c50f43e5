"""Voices in the console: a code shown once, a sound that plays, two people's yes."""

from __future__ import annotations

import re

from sqlalchemy import select

from content.library import Library
from content.media import m4a
from content.media.read_clip import read_clip
from flows.model.effects import BecomeSpeaker
from simulator.core.sample_media import silent_aac
from store.people.models import person
from store.recordings import playback, speakers
from store.recordings import service as recordings
from store.staff import review_languages
from store.unit_of_work import BOT, unit_of_work
from tests.support.console_room import Room
from tests.support.staff import work_of_test


async def waiting(room: Room, library: Library, code: str) -> int:
    """Let somebody become a speaker with a code and send one recording; returns its number."""
    await room.person()
    now = room.clock.now()
    async with unit_of_work(room.store, now, BOT) as work:
        who = (await work.conn.execute(select(person.c.id))).scalar_one()
        await speakers.become(work, who, BecomeSpeaker(code, "recording_invited.vi.1"))
        speaker, key = await speakers.of(work.conn, who), room.store.ring.cached(who)
        assert speaker is not None
        assert key is not None
        await recordings.receive(work, library, speaker, key, recordings.VoiceNote("noted", "x", 1, now))
        [waits] = await recordings.fetching(work.conn, now, 1)
        await recordings.keep(work, key, waits, read_clip(silent_aac(40)))
    return waits.id


async def give(room: Room, *langs: str) -> None:
    """Name the languages the reviewer judges; none is every one."""
    async with work_of_test(room.store, room.clock.now()) as work:
        await review_languages.give(work, "bientap", langs)


async def test_a_recording_is_heard_by_two_people_before_anybody_else(room: Room, library: Library) -> None:
    """The code is shown once; the words stand beside the sound; one person's second yes changes nothing."""
    await room.hire("bientap", "duyettin", "canbo")
    async with room.signed_in("canbo") as browser:
        refused = await browser.post("/console/recordings", data={"lang": "en", "alias": "Hoa"})
        assert refused.status_code == 422
        page = await browser.post("/console/recordings", data={"lang": "vi", "alias": "Hoa"})
        [code] = re.findall(r"NC-\w{4}-\w{4}", page.text)
        assert code not in (await browser.get("/console/recordings")).text
        number = await waiting(room, library, code)
        assert (await browser.post(f"/console/recordings/{number}", data={"say": "yes"})).status_code == 403
    await give(room, "km")
    async with room.signed_in("bientap") as browser:
        assert "Bạn không duyệt được" in (await browser.post(f"/console/recordings/{number}", data={"say": "yes"})).text
        assert 'value="yes"' not in (await browser.get("/console/recordings")).text, "nor is it offered"
    await give(room)
    sound = m4a.wrapped(read_clip(silent_aac(40)).data)
    for login, status in (("bientap", 303), ("bientap", 409), ("duyettin", 303)):
        async with room.signed_in(login) as browser:
            page = await browser.get("/console/recordings")
            assert library.say("noted").text in page.text
            played = await browser.get(f"/console/recordings/{number}/sound")
            assert (played.content, played.headers["content-type"]) == (sound, "audio/mp4")
            assert (await browser.post(f"/console/recordings/{number}", data={"say": "yes"})).status_code == status
    async with room.store.data.connect() as conn:
        assert list((await playback.heard(conn, library)).sounds) == ["noted.vi"]
    async with room.signed_in("bientap") as browser:
        assert (await browser.post(f"/console/recordings/{number}", data={"say": "retire"})).status_code == 303
        assert (await browser.get(f"/console/recordings/{number}/sound")).status_code == 404


async def test_what_is_recorded_first_is_listed_with_its_reason_and_what_is_heard(room: Room, library: Library) -> None:
    """Whoever invites speakers sees the order in which they are asked, and in which languages each card has a voice."""
    await room.hire("canbo")
    async with room.signed_in("canbo") as browser:
        page = (await browser.get("/console/recordings")).text
    rows = re.findall(r"<td>(\d+)</td><td>[^<]+<br><small>([\w.-]+)</small></td><td>([^<]+)</td><td>([^<]*)</td>", page)
    first = library.audio.first
    assert [(int(number), card) for number, card, *_ in rows] == [(n, one.card) for n, one in enumerate(first, 1)]
    assert {heard for *_, heard in rows} == {"–"}
    assert {why.partition(" › ")[0] for *_, why, _ in rows} == {
        "Ai cũng nghe",
        "Trên đường đến người thật",
        "Một cuộc nói chuyện từ trang đầu",
    }
