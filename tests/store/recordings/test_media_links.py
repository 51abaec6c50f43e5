"""`/m/…` gives an approved recording to whoever holds its address, and the same silence to everybody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bot.media.public_links import BURST, Media
from content.library import Library
from content.loader import load
from scheduler.clock import MovableClock
from store.broadcasts import card_recalls
from store.db.engine import Store, driver_of
from store.errors import Refused
from store.people import models as people
from store.recordings import links as sound_links
from store.recordings import playback
from store.recordings import service as recordings
from store.recordings.models import RETIRED
from store.recordings.shipped import take_in
from store.unit_of_work import SERVICE, member_actor, unit_of_work
from tests.support.content import changed, copy_content


@pytest.fixture(scope="module")
def library() -> Library:
    """The packaged content, with its three tones."""
    return load()


class Still(MovableClock):
    """A clock whose seconds pass only when they are skipped."""

    def steady(self) -> float:
        """Count what was skipped."""
        return self._offset.total_seconds()


async def link(store: Store, clock: MovableClock, library: Library) -> str:
    """Take in the tones of a trial and make a link to the first."""
    async with unit_of_work(store, clock.now(), SERVICE) as work:
        await take_in(work, library, tones=True)
        found = await playback.heard(work.conn, library)
        return await sound_links.make_link(work, library, found.sounds["menu.vi"].recording)


def asking(store: Store, clock: MovableClock, library: Library) -> httpx.AsyncClient:
    """A browser before our own server."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(Media(store, clock, library)), base_url="http://localhost")


async def test_a_link_gives_the_sound_and_says_nothing(store: Store, library: Library) -> None:
    """Right bytes and type, a neutral name, no cookie, nothing to cache, no database row that holds the token."""
    clock = MovableClock()
    token = await link(store, clock, library)
    async with asking(store, clock, library) as browser:
        for kind, media_type, begins in (("aac", "audio/aac", b"\xff\xf1"), ("m4a", "audio/mp4", b"\x00\x00\x00\x1c")):
            answer = await browser.get(f"/m/{token}.{kind}")
            assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
            assert answer.content.startswith(begins)
            assert answer.headers["content-disposition"] == f'inline; filename="audio.{kind}"'
            assert "set-cookie" not in answer.headers
            assert answer.headers["cache-control"] == "no-store"
        head = await browser.head(f"/m/{token}.aac")
        assert (head.status_code, head.content) == (200, b"")
    async with store.data.connect() as conn:
        kept = (await conn.execute(sound_links.media_link.select())).one()
    assert token.encode() not in bytes(kept.token_hash)


async def test_everything_else_is_the_same_empty_404(store: Store, library: Library) -> None:
    """Unknown, of another shape, in a container it cannot have, expired, recalled, retired: all look the same."""
    clock = MovableClock()
    token = await link(store, clock, library)
    async with asking(store, clock, library) as browser:
        elsewhere = changed(library)  # of another process: here nobody has heard of the recall
        asked = [f"/m/{'A' * 32}.aac", f"/m/{token}.ogg", f"/m/{token}", "/m/", f"/m/{token}.aac/x", "/m/../m.aac"]
        answers = [await browser.get(path) for path in asked]
        clock.advance(sound_links.LINK_LIVES.total_seconds() + 1)
        answers.append(await browser.get(f"/m/{token}.aac"))
        fresh = await link(store, clock, library)
        assert (await browser.get(f"/m/{fresh}.aac")).status_code == 200
        async with unit_of_work(store, clock.now(), member_actor(uuid4())) as work:
            number = (await playback.heard(work.conn, library)).sounds["menu.vi"].recording
            await card_recalls.recall(work, elsewhere, "menu", "wrong")
        answers.append(await browser.get(f"/m/{fresh}.aac"))
        async with unit_of_work(store, clock.now(), member_actor(uuid4())) as work:
            assert not await playback.is_approved(work.conn, library, number), "nor does it leave by another way"
            await card_recalls.put_back(work, elsewhere, "menu")
            assert await playback.is_approved(work.conn, library, number)
            await recordings.end(work, number, RETIRED, "staff")
        answers.append(await browser.get(f"/m/{fresh}.aac"))
        assert {(a.status_code, a.content, tuple(sorted(a.headers))) for a in answers} == {
            (404, b"", tuple(sorted(answers[0].headers)))
        }
        assert (await browser.post(f"/m/{token}.aac")).status_code == 405
    async with unit_of_work(store, clock.now(), SERVICE) as work:
        for nothing in (number, 4711):
            with pytest.raises(Refused, match="only an approved"):
                await sound_links.make_link(work, library, nothing)


async def test_a_name_on_a_platform_is_used_until_it_expires(store: Store, library: Library) -> None:
    """Telegram's last, others end: after that the bytes go once more under a new name."""
    clock = MovableClock()
    await link(store, clock, library)
    now = clock.now()
    async with unit_of_work(store, now, SERVICE) as work:
        account = await people.register_account(driver_of(work.conn), "bot", "telegram")
        number = (await playback.heard(work.conn, library)).sounds["menu.vi"].recording
        await sound_links.remember(work, account, number, "voice:first", now + timedelta(days=6))
        assert await sound_links.cached(work.conn, now, account, number) == "voice:first"
        assert await sound_links.cached(work.conn, now + timedelta(days=6), account, number) is None
        await sound_links.remember(work, account, number, "voice:second")
        assert await sound_links.cached(work.conn, now + timedelta(days=999), account, number) == "voice:second"
        await sound_links.forget(work, account, number)
        assert await sound_links.cached(work.conn, now, account, number) is None


async def test_whoever_guesses_is_slowed_down(store: Store, library: Library) -> None:
    """After a burst nothing is looked at for a while, whoever asks; afterwards it goes on."""
    clock = Still()
    async with asking(store, clock, library) as browser:
        answers = [(await browser.get("/m/x")).status_code for _ in range(int(BURST) + 5)]
        assert answers[0] == 404
        assert answers[-1] == 429
        clock.advance(10)
        assert (await browser.get("/m/x")).status_code == 404


async def test_a_recall_in_a_cards_file_ends_the_links_that_are_out(
    store: Store, library: Library, tmp_path: Path
) -> None:
    """Whoever starts with the new file plays nothing of that card: not by an address, not by a message that waits."""
    clock = MovableClock()
    token = await link(store, clock, library)
    copy_content(tmp_path)
    file, gone = (
        tmp_path / "cards" / "vi" / "flow.yaml",
        'recalled: {since: "2026-11-25", because: "the words were wrong"}',
    )
    file.write_text(file.read_text().replace("  menu:\n", f"  menu:\n    {gone}\n", 1))
    recalled = load(tmp_path)
    assert recalled.withdrawn == {"menu"}
    for standing, status in ((library, 200), (recalled, 404), (library, 200)):
        async with asking(store, clock, standing) as browser:
            assert (await browser.get(f"/m/{token}.aac")).status_code == status
    async with unit_of_work(store, clock.now(), SERVICE) as work:
        number = (await playback.heard(work.conn, library)).sounds["menu.vi"].recording
        assert not await playback.is_approved(work.conn, recalled, number)
        with pytest.raises(Refused):
            await sound_links.make_link(work, recalled, number)
