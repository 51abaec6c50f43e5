"""Review gates at a broadcast: asked at every step, also while it leaves (safety rule 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from store import audit
from store.areas import models as areas
from store.broadcasts import fanout
from store.broadcasts import service as broadcasts
from store.broadcasts.models import broadcast
from store.casework import task_list
from store.db.engine import Store
from store.errors import Refused
from store.groups import models as groups_models
from store.staff import models as staff
from store.staff.models import NewMember
from store.unit_of_work import UnitOfWork
from tests.support import content
from tests.support.staff import TEST

NOW = datetime.now(UTC)
CARD, SERVICE = "leave.two-numbers", "vn.consular"
DRAFT, REVIEWED = content.library(), content.reviewed().library
WORDS = "cầu tre lắc lẻo gập ghềnh"


def overdue(library: Library) -> Library:
    """The same, with the day of review of the card gone by."""
    bent = {lang: replace(card, review_by="2026-01-01") for lang, card in library.cards[CARD].items()}
    return content.changed(library, cards={**library.cards, CARD: bent})


class GateSetup:
    """A group, an author, a second person."""

    def __init__(self, store: Store, group: int, author: UUID, second: UUID) -> None:
        self.store, self.group, self.author, self.second = store, group, author, second
        self.key = store.keys.audit

    async def approve(self, conn: AsyncConnection, library: Library, *, drafts: bool = False) -> None:
        """Approve the card's words, as the service itself."""
        await broadcasts.approve_card(conn, NOW, self.key, library, card=CARD, staff_id=None, drafts=drafts)

    async def propose(self, conn: AsyncConnection, library: Library, *, drafts: bool = False) -> int:
        """Propose the card to the group."""
        return await broadcasts.propose(
            conn, NOW, self.key, library, card=CARD, group_id=self.group, author_staff=self.author, drafts=drafts
        )

    async def decide(
        self, conn: AsyncConnection, library: Library, made: int, *, yes: bool = True, drafts: bool = False
    ) -> None:
        """Say yes or no as the second person."""
        digest = (await conn.execute(select(broadcast.c.digest).where(broadcast.c.id == made))).scalar_one()
        await broadcasts.decide(
            conn, NOW, self.key, library, broadcast_id=made, staff_id=self.second, digest=digest, yes=yes, drafts=drafts
        )  # fmt: skip

    async def steer(self, conn: AsyncConnection, library: Library, made: int, act: str) -> None:
        """Pause, resume or stop as the second person."""
        await broadcasts.change(conn, NOW, self.key, library, broadcast_id=made, staff_id=self.second, act=act)

    async def leave(self, library: Library, *, drafts: bool = False) -> None:
        """Let the service plan what may leave, and look again whether anything of it is left."""
        for _ in range(2):
            await fanout.fan_out_once(self.store, NOW, library, drafts=drafts)

    async def state(self) -> str:
        """Where the broadcast stands."""
        async with self.store.data.connect() as conn:
            found: str = (await conn.execute(select(broadcast.c.state))).scalar_one()
            return found


@pytest.fixture
async def gate_setup(store: Store) -> GateSetup:
    """One group in Na Sang."""
    async with store.data.begin() as conn:
        await areas.sync_units(conn, DRAFT.areas)
        made = insert(groups_models.village_group).values(title="Tổ Na Sang", area="vn-11-03172", created_at=NOW)
        group = (await conn.execute(made.returning(groups_models.village_group.c.id))).scalar_one()
        people = [
            await staff.create_staff(UnitOfWork(store, conn, NOW, TEST), NewMember(role, "Hoa", [role]), WORDS)
            for role in ("commune_staff", "prov_admin")
        ]
    return GateSetup(store, group, *people)


async def test_a_draft_is_refused_at_every_step_and_each_open_gate_is_named(gate_setup: GateSetup) -> None:
    """Nobody approves, proposes or decides on it; the sentence names the reviews and the number nobody called."""
    async with gate_setup.store.data.begin() as conn:
        with pytest.raises(Refused, match=r"safety.*fact.*language.*audio.*uncalled of vn\.consular") as refusal:
            await gate_setup.approve(conn, DRAFT)
        gates = refusal.value.values["gates"]
        assert isinstance(gates, tuple)
        assert {gate.kind for gate in gates} >= {"safety", "fact", "language", "audio", "uncalled"}
        assert await broadcasts.approved(conn, DRAFT) == ()
        await gate_setup.approve(conn, DRAFT, drafts=True)
        with pytest.raises(Refused, match="Still open"):
            await gate_setup.propose(conn, DRAFT)
        made = await gate_setup.propose(conn, DRAFT, drafts=True)
        with pytest.raises(Refused, match="Still open"):
            await gate_setup.decide(conn, DRAFT, made)
    assert await gate_setup.state() == "proposed"
    async with gate_setup.store.data.begin() as conn:
        await gate_setup.decide(conn, DRAFT, made, yes=False)
    assert await gate_setup.state() == "refused", "a no needs no review"


async def test_a_draft_goes_its_way_in_a_trial(gate_setup: GateSetup) -> None:
    """Approved, proposed, decided and planned; never when it is overdue."""
    async with gate_setup.store.data.begin() as conn:
        await gate_setup.approve(conn, DRAFT, drafts=True)
        made = await gate_setup.propose(conn, DRAFT, drafts=True)
        for step in (
            gate_setup.approve(conn, overdue(DRAFT), drafts=True),
            gate_setup.propose(conn, overdue(DRAFT), drafts=True),
        ):
            with pytest.raises(Refused, match="overdue"):
                await step
        await gate_setup.decide(conn, DRAFT, made, drafts=True)
    await gate_setup.leave(DRAFT, drafts=True)
    assert await gate_setup.state() == "done"


async def test_a_reviewed_card_goes_its_way(gate_setup: GateSetup) -> None:
    """Without any word of a trial."""
    async with gate_setup.store.data.begin() as conn:
        await gate_setup.approve(conn, REVIEWED)
        assert await broadcasts.ready(conn, NOW, REVIEWED) == (CARD,)
        await gate_setup.decide(conn, REVIEWED, await gate_setup.propose(conn, REVIEWED))
    await gate_setup.leave(REVIEWED)
    assert await gate_setup.state() == "done"


def _uncalled(library: Library) -> Library:
    service = replace(library.services[SERVICE], verified_on="")
    return content.changed(library, services={**library.services, SERVICE: service})


def _reopened(library: Library) -> Library:
    bent = {lang: replace(card, needs_review=("fact",)) for lang, card in library.cards[CARD].items()}
    return content.changed(library, cards={**library.cards, CARD: bent})


def _recalled(library: Library) -> Library:
    other = content.changed(library)
    other.withdraw({CARD: ""})
    return other


LATER: dict[str, Callable[[Library], Library]] = {
    "overdue": overdue,
    "a number found wrong": _uncalled,
    "a review opened again": _reopened,
    "recalled": _recalled,
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER.keys())
async def test_a_gate_that_opens_meanwhile_holds_what_has_not_left(
    gate_setup: GateSetup, later: Callable[[Library], Library]
) -> None:
    """Approved long ago: it is not offered, proposed, decided; on its way it is paused, once, and becomes a task."""
    worse = later(REVIEWED)
    async with gate_setup.store.data.begin() as conn:
        await gate_setup.approve(conn, REVIEWED)
        made = await gate_setup.propose(conn, REVIEWED)
        assert await broadcasts.ready(conn, NOW, worse) == ()
        with pytest.raises(Refused):
            await gate_setup.propose(conn, worse)
        with pytest.raises(Refused, match="Still open"):
            await gate_setup.decide(conn, worse, made)
        await gate_setup.decide(conn, REVIEWED, made)
    await gate_setup.leave(worse)
    assert await gate_setup.state() == "paused"
    async with gate_setup.store.data.begin() as conn:
        assert [(task.kind, task.reason) for task in await task_list.open_tasks(conn)] == [("broadcast", "gates")]
        paused = [one for one in await audit.page(conn) if one.action == "broadcast.pause"]
        assert [(one.actor, one.meta) for one in paused] == [("house", {"reason": "gates"})]
        with pytest.raises(Refused, match="Still open"):
            await gate_setup.steer(conn, worse, made, "resume")
        await gate_setup.steer(conn, REVIEWED, made, "resume")
    await gate_setup.leave(REVIEWED)
    assert await gate_setup.state() == "done", "closed again, it goes on"


async def test_what_was_planned_already_is_paused_too(gate_setup: GateSetup) -> None:
    """Everybody is planned in the evening; what waits for the morning does not leave with an overdue card."""
    async with gate_setup.store.data.begin() as conn:
        await gate_setup.approve(conn, REVIEWED)
        await gate_setup.decide(conn, REVIEWED, await gate_setup.propose(conn, REVIEWED))
        await conn.execute(update(broadcast).values(planned_at=NOW, planned=1))
    await gate_setup.leave(overdue(REVIEWED))
    assert await gate_setup.state() == "paused"
    async with gate_setup.store.data.begin() as conn:
        [one] = await broadcasts.proposals(conn, scope="vn")
        await gate_setup.steer(conn, overdue(REVIEWED), one.id, "stop")
    assert await gate_setup.state() == "stopped", "stopping asks for no review"


async def test_a_members_proposal_asks_the_same(gate_setup: GateSetup) -> None:
    """From her chat: what is not reviewed is neither offered to her nor taken from her."""
    store = gate_setup.store
    async with store.data.begin() as conn:
        await gate_setup.approve(conn, DRAFT, drafts=True)
        assert await broadcasts.ready(conn, NOW, DRAFT) == ()
        assert await broadcasts.ready(conn, NOW, DRAFT, drafts=True) == (CARD,)
        with pytest.raises(Refused, match="only a member"):
            await broadcasts.propose_as_member(
                conn, NOW, gate_setup.key, DRAFT, card=CARD, group_id=gate_setup.group, person_id=uuid4()
            )
        with pytest.raises(Refused, match="Still open"):
            await broadcasts.propose(
                conn, NOW, gate_setup.key, DRAFT, card=CARD, group_id=gate_setup.group, author_person=uuid4()
            )
