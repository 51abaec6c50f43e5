"""Safety rule 11 for pictures, voices and files: sealed and handed on like her words, and gone when it is time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from content.media.attachment import SanitizedFile
from content.media.sanitize import take
from store.attachments import outgoing
from store.attachments import service as attachments
from store.attachments.service import KEPT_FOR
from store.cases import keys as case_keys
from store.cases import service as cases
from store.cases.rekey import follow_roster
from store.db.engine import Store
from store.errors import Forgotten, Refused, Sealed
from store.privacy import forgetting
from store.privacy.retention import CLASSES, sweep
from store.staff import vault
from store.staff.models import staff
from store.unit_of_work import BOT, unit_of_work
from tests.support import casework, content
from tests.support.console_room import WORDS, Room
from tests.support.files import pictures
from tests.support.files.attachments import arrives, attach
from tests.support.staff import TEST, shut_out

PHOTO = pictures.jpeg()
CLEAN = take(PHOTO)


@pytest.fixture
async def room(store: Store) -> Room:
    """Two counsellors and a shift lead."""
    made = Room(store, content.library())
    await made.hire("hoaban", "hoasen", "hoadao")
    return made


async def key_of(room: Room, login: str) -> bytes:
    """The opened private key of a member."""
    async with room.store.data.connect() as conn:
        locked = (await conn.execute(staff.select().where(staff.c.login == login))).one().vault
    return vault.unlock(locked, WORDS)


async def opens(room: Room, case: UUID, attachment: UUID, login: str) -> SanitizedFile | None:
    """What a member gets who opens an attachment."""
    key = await key_of(room, login)
    return await casework.open_attachment(room.store, room.clock.now(), case, room.ids[login], key, attachment)


async def test_who_was_removed_or_gave_the_case_away_opens_nothing_that_came_later(room: Room) -> None:
    """What came before stays open to them; what came after does not; the new owner opens both."""
    case = await room.person(3, ["một"])
    store, now, ids = room.store, room.clock.now(), room.ids
    before = await attach(room, case, PHOTO)
    await casework.acknowledge(store, now, case, ids["hoaban"])
    await casework.transfer(store, now, case, ids["hoaban"], await key_of(room, "hoaban"), ids["hoasen"], "shift_ends")
    after = await attach(room, case, PHOTO)
    for who, photo in (("hoasen", before), ("hoasen", after), ("hoaban", before)):
        assert await opens(room, case, photo, who) == CLEAN
    with pytest.raises(Refused):
        await opens(room, case, after, "hoaban")
    await shut_out(store, now, "hoadao")
    await follow_roster(store, now)
    later = await attach(room, case, PHOTO)
    with pytest.raises(Refused):
        await opens(room, case, later, "hoadao")
    assert await opens(room, case, later, "hoasen") == CLEAN


async def test_a_file_that_waited_while_the_case_changed_hands_is_sealed_to_the_new_ones(room: Room) -> None:
    """It is sealed when it is fetched, and an answer's when it is sent: not when they began."""
    case = await room.person(3, ["một"])
    store, now, ids = room.store, room.clock.now(), room.ids
    waiting = await attach(room, case, None)
    await casework.acknowledge(store, now, case, ids["hoaban"])
    chosen = await casework.upload(store, now, case, ids["hoaban"], CLEAN)
    await casework.transfer(store, now, case, ids["hoaban"], await key_of(room, "hoaban"), ids["hoasen"], "too_many")
    async with unit_of_work(store, room.clock.now(), BOT) as work:
        [row] = await attachments.to_fetch(work.conn, work.now, 10)
        await attachments.keep(work, row, CLEAN)
    assert await opens(room, case, waiting, "hoasen") == CLEAN
    with pytest.raises(Refused):
        await opens(room, case, waiting, "hoaban")
    assert await opens(room, case, chosen, "hoasen") is None, "what a colleague chose and never sent is nobody's"


async def test_the_recovery_key_opens_it_in_its_place_alone(room: Room, tmp_path: Path) -> None:
    """With the key from its safe; moved to another row, case or epoch the same bytes open no more."""
    case = await room.person(3, ["một"])
    photo, other = await attach(room, case, PHOTO), await attach(room, case, PHOTO)
    private = (tmp_path / "keys" / "recovery.private").read_bytes()
    opened = await casework.open_keys(room.store, room.clock.now(), case, case_keys.RECOVERY, private)
    async with room.store.data.connect() as conn:
        row = await attachments.sealed_row(conn, case, photo)
        assert row is not None
        assert attachments.open_file(opened[row.epoch], row) == CLEAN
        assert pictures.CANARY not in row.sealed
    async with room.store.data.begin() as conn:
        await conn.exec_driver_sql("UPDATE case_attachment SET sealed = $1 WHERE id = $2", (row.sealed, other))
    with pytest.raises(Sealed):
        await opens(room, case, other, "hoaban")


async def test_who_is_forgotten_leaves_no_file_behind(room: Room) -> None:
    """Her key goes, and with it everything that was attached; nothing of it is left in the data either."""
    case = await room.person(3, ["một"])
    photo = await attach(room, case, PHOTO)
    async with room.store.data.connect() as conn:
        person = (await cases.load_case(conn, case)).person_id
    await forgetting.forget(room.store, room.clock.now(), TEST, person)
    with pytest.raises((Forgotten, Refused)):
        await opens(room, case, photo, "hoaban")
    async with room.store.data.connect() as conn:
        assert (await conn.exec_driver_sql("SELECT count(*) FROM case_attachment")).scalar_one() == 0


async def test_what_is_too_old_is_gone_and_said_to_be(room: Room) -> None:
    """Thirty days after it came its bytes are removed, a chosen file after two; the sweep proves that none is left."""
    case = await room.person(3, ["một"])
    photo = await attach(room, case, PHOTO)
    store, now, hoaban = room.store, room.clock.now(), room.ids["hoaban"]
    await casework.acknowledge(store, now, case, hoaban)
    await casework.upload(store, now, case, hoaban, CLEAN)
    kept = {one.name: one for one in CLASSES}
    for name, class_, minute, removed in (
        ("case_attachment", kept["case_attachment"], -1, 0),
        ("case_upload", kept["case_upload"], -1, 0),
        ("case_attachment", kept["case_attachment"], 1, 1),
        ("case_upload", kept["case_upload"], 1, 1),
    ):
        run = await sweep(store, now + class_.kept + timedelta(minutes=minute), class_)
        assert (run.removed, run.left) == (removed, 0), name
    assert kept["case_attachment"].kept == KEPT_FOR
    assert await opens(room, case, photo, "hoaban") is None
    view = await casework.read(store, now, case, hoaban, await key_of(room, "hoaban"))
    assert [line.attached.state for line in view.lines if line.attached] == ["over"]


async def test_a_phone_in_strange_hands_does_not_fill_the_disk(room: Room) -> None:
    """After sixty in a day what comes is noted and not fetched."""
    case = await room.person(3, ["một"])
    async with room.store.data.begin() as conn:
        await conn.exec_driver_sql(
            "INSERT INTO case_attachment(id, case_id, kind, state, account, at) SELECT gen_random_uuid(), c.id, "
            f"'photo', 1, c.account, now() FROM case_file c, generate_series(1, {attachments.MOST_A_DAY})"
        )
    line = await arrives(room, case)
    async with room.store.data.connect() as conn:
        assert await attachments.to_fetch(conn, room.clock.now(), 10) == []
    view = await casework.read(room.store, room.clock.now(), case, room.ids["hoaban"], await key_of(room, "hoaban"))
    [said] = [one.attached for one in view.lines if one.seq == line]
    assert said is not None
    assert (said.state, said.reason) == ("refused", "many")


async def test_the_file_of_one_answer_goes_to_nobody_else(room: Room) -> None:
    """A row of the ledger that names another's file, even one moved into her case, finds nothing it can send."""
    case, other = await room.person(3, ["một"]), await room.person(3, ["hai"])
    store, now, hoaban = room.store, room.clock.now(), room.ids["hoaban"]
    await casework.acknowledge(store, now, case, hoaban)
    chosen = await casework.upload(store, now, case, hoaban, CLEAN)
    async with store.data.connect() as conn:
        hers, anothers = [(await cases.load_case(conn, one)).person_id for one in (case, other)]
    assert await outgoing.copy_for(store, chosen, hers) == CLEAN
    with pytest.raises(Sealed, match="no case of hers"):
        await outgoing.copy_for(store, chosen, anothers)
    async with store.data.begin() as conn:
        await conn.exec_driver_sql("UPDATE case_attachment SET case_id = $1", (other,))
    with pytest.raises(Sealed):
        await outgoing.copy_for(store, chosen, anothers)
