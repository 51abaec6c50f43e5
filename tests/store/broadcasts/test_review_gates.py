"""Review gates at a broadcast: asked at every step, also while it leaves (safety rule 5)."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, update

from content.library import Library
from store import audit
from store.areas import models as areas
from store.broadcasts import approvals, card_recalls, decisions, fanout, overview, proposals
from store.broadcasts.models import broadcast
from store.broadcasts.proposals import ProposedCard
from store.casework import task_list
from store.db.engine import Store
from store.errors import Refused
from store.groups import models as groups_models
from store.people import models as people
from store.staff import models as staff
from store.staff.models import NewMember
from store.unit_of_work import SERVICE, UnitOfWork, member_actor, unit_of_work
from tests.support import content
from tests.support.staff import TEST

NOW = datetime.now(UTC)
CARD, HOTLINE = "leave.two-numbers", "vn.consular"
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

    @contextlib.asynccontextmanager
    async def works(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work of the author."""
        async with unit_of_work(self.store, NOW, member_actor(self.author)) as work:
            yield work

    async def approve(self, work: UnitOfWork, library: Library, *, drafts: bool = False) -> None:
        """Approve the card's words, as the service itself."""
        await approvals.approve_card(work.acting_as(SERVICE), library, CARD, drafts=drafts)

    async def propose(self, work: UnitOfWork, library: Library, *, drafts: bool = False) -> int:
        """Propose the card to the group."""
        return await proposals.propose(work, library, ProposedCard(CARD, self.group), drafts=drafts)

    async def decide(
        self, work: UnitOfWork, library: Library, made: int, *, answer: str = "yes", drafts: bool = False
    ) -> None:
        """Say yes or no as the second person."""
        digest = (await work.conn.execute(select(broadcast.c.digest).where(broadcast.c.id == made))).scalar_one()
        decision = decisions.Decision(made, digest, answer)
        await decisions.decide(work.acting_as(member_actor(self.second)), library, decision, drafts=drafts)

    async def steer(self, work: UnitOfWork, library: Library, made: int, act: str) -> None:
        """Pause, resume or stop as the second person."""
        await decisions.change(work.acting_as(member_actor(self.second)), library, made, act)

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
    async with gate_setup.works() as work:
        with pytest.raises(Refused, match=r"safety.*fact.*language.*audio.*uncalled of vn\.consular") as refusal:
            await gate_setup.approve(work, DRAFT)
        gates = refusal.value.values["gates"]
        assert isinstance(gates, tuple)
        assert {gate.kind for gate in gates} >= {"safety", "fact", "language", "audio", "uncalled"}
        assert await approvals.approved(work.conn, DRAFT) == ()
        await gate_setup.approve(work, DRAFT, drafts=True)
        with pytest.raises(Refused, match="Still open"):
            await gate_setup.propose(work, DRAFT)
        made = await gate_setup.propose(work, DRAFT, drafts=True)
        with pytest.raises(Refused, match="Still open"):
            await gate_setup.decide(work, DRAFT, made)
    assert await gate_setup.state() == "proposed"
    async with gate_setup.works() as work:
        await gate_setup.decide(work, DRAFT, made, answer="no")
    assert await gate_setup.state() == "refused", "a no needs no review"


async def test_a_draft_goes_its_way_in_a_trial(gate_setup: GateSetup) -> None:
    """Approved, proposed, decided and planned; never when it is overdue."""
    async with gate_setup.works() as work:
        await gate_setup.approve(work, DRAFT, drafts=True)
        made = await gate_setup.propose(work, DRAFT, drafts=True)
        for step in (
            gate_setup.approve(work, overdue(DRAFT), drafts=True),
            gate_setup.propose(work, overdue(DRAFT), drafts=True),
        ):
            with pytest.raises(Refused, match="overdue"):
                await step
        await gate_setup.decide(work, DRAFT, made, drafts=True)
    await gate_setup.leave(DRAFT, drafts=True)
    assert await gate_setup.state() == "done"


async def test_a_reviewed_card_goes_its_way(gate_setup: GateSetup) -> None:
    """Without any word of a trial."""
    async with gate_setup.works() as work:
        await gate_setup.approve(work, REVIEWED)
        assert await approvals.ready(work.conn, NOW, REVIEWED) == (CARD,)
        await gate_setup.decide(work, REVIEWED, await gate_setup.propose(work, REVIEWED))
    await gate_setup.leave(REVIEWED)
    assert await gate_setup.state() == "done"


def _uncalled(library: Library) -> Library:
    service = replace(library.services[HOTLINE], verified_on="")
    return content.changed(library, services={**library.services, HOTLINE: service})


def _reopened(library: Library) -> Library:
    bent = {lang: replace(card, needs_review=("fact",)) for lang, card in library.cards[CARD].items()}
    return content.changed(library, cards={**library.cards, CARD: bent})


def _recalled(library: Library) -> Library:
    bent = {lang: replace(card, status="recalled") for lang, card in library.cards[CARD].items()}
    return content.changed(library, cards={**library.cards, CARD: bent})


LATER: dict[str, Callable[[Library], Library]] = {
    "overdue": overdue,
    "a number found wrong": _uncalled,
    "a review opened again": _reopened,
    "recalled in its file": _recalled,
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER.keys())
async def test_a_gate_that_opens_meanwhile_holds_what_has_not_left(
    gate_setup: GateSetup, later: Callable[[Library], Library]
) -> None:
    """Approved long ago: it is not offered, proposed, decided; on its way it is paused, once, and becomes a task."""
    worse = later(REVIEWED)
    async with gate_setup.works() as work:
        await gate_setup.approve(work, REVIEWED)
        made = await gate_setup.propose(work, REVIEWED)
        assert await approvals.ready(work.conn, NOW, worse) == ()
        with pytest.raises(Refused):
            await gate_setup.propose(work, worse)
        with pytest.raises(Refused, match="Still open"):
            await gate_setup.decide(work, worse, made)
        await gate_setup.decide(work, REVIEWED, made)
    await gate_setup.leave(worse)
    assert await gate_setup.state() == "paused"
    async with gate_setup.works() as work:
        assert [(task.kind, task.reason) for task in await task_list.open_tasks(work.conn)] == [("broadcast", "gates")]
        paused = [one for one in await audit.page(work.conn) if one.action == "broadcast.pause"]
        assert [(one.actor, one.meta) for one in paused] == [("house", {"reason": "gates"})]
        with pytest.raises(Refused, match="Still open"):
            await gate_setup.steer(work, worse, made, "resume")
        await gate_setup.steer(work, REVIEWED, made, "resume")
    await gate_setup.leave(REVIEWED)
    assert await gate_setup.state() == "done", "closed again, it goes on"


async def test_what_was_planned_already_is_paused_too(gate_setup: GateSetup) -> None:
    """Everybody is planned in the evening; what waits for the morning does not leave with an overdue card."""
    async with gate_setup.works() as work:
        await gate_setup.approve(work, REVIEWED)
        await gate_setup.decide(work, REVIEWED, await gate_setup.propose(work, REVIEWED))
        await work.conn.execute(update(broadcast).values(planned_at=NOW, planned=1))
    await gate_setup.leave(overdue(REVIEWED))
    assert await gate_setup.state() == "paused"
    async with gate_setup.works() as work:
        [one] = await overview.proposals(work.conn, scope="vn")
        await gate_setup.steer(work, overdue(REVIEWED), one.id, "stop")
    assert await gate_setup.state() == "stopped", "stopping asks for no review"


async def test_a_members_proposal_asks_the_same(gate_setup: GateSetup) -> None:
    """From her chat: what is not reviewed is neither offered to her nor taken from her."""
    hers = ProposedCard(CARD, gate_setup.group, uuid4())
    async with gate_setup.works() as work:
        await gate_setup.approve(work, DRAFT, drafts=True)
        assert await approvals.ready(work.conn, NOW, DRAFT) == ()
        assert await approvals.ready(work.conn, NOW, DRAFT, drafts=True) == (CARD,)
        with pytest.raises(Refused, match="only a member"):
            await proposals.propose(work, DRAFT, hers)
        await _join(work, hers)
        with pytest.raises(Refused, match="Still open"):
            await proposals.propose(work, DRAFT, hers)


async def _join(work: UnitOfWork, hers: ProposedCard) -> None:
    """Let somebody be a member of the group."""
    await work.conn.execute(insert(people.account).values(id=1, name="zalo", channel="zalo_oa"))
    her = {"id": hers.author_person, "account": 1, "bidx": b"her", "address_ct": b"", "created_at": NOW}
    await work.conn.execute(insert(people.person).values(her))
    bound = {"person_id": hers.author_person, "group_id": hers.group_id, "bound_at": NOW}
    await work.conn.execute(insert(groups_models.membership).values(bound))


async def test_what_another_process_recalled_holds_at_every_step(gate_setup: GateSetup) -> None:
    """A row is enough: this process has not looked at it by itself, and nothing is approved, proposed or sent."""
    here, elsewhere = content.changed(REVIEWED), content.changed(REVIEWED)
    async with gate_setup.works() as work:
        await gate_setup.approve(work, here)
        made = await gate_setup.propose(work, here)
        await card_recalls.recall(work, elsewhere, CARD, "wrong")
        assert here.has(CARD), "nobody has told this process"
        with pytest.raises(Refused, match="Still open: recalled"):
            await gate_setup.decide(work, here, made)
        for step in (gate_setup.approve, gate_setup.propose):
            with pytest.raises(Refused):
                await step(work, here)
        await card_recalls.put_back(work, elsewhere, CARD)
        assert await approvals.ready(work.conn, NOW, here) == (CARD,)
        await gate_setup.decide(work, here, made)
        await gate_setup.steer(work, here, made, "pause")
        await card_recalls.recall(work, elsewhere, CARD, "wrong again")
        assert [one.state for one in await overview.proposals(work.conn, scope="vn")] == ["stopped"]
        with pytest.raises(Refused, match="Still open: recalled"):
            await gate_setup.steer(work, here, made, "resume")


async def test_a_choice_that_does_not_exist_is_no_decision(gate_setup: GateSetup) -> None:
    """Neither a yes nor a no, neither a pause nor a stop: refused, and everything stays as it was."""
    async with gate_setup.works() as work:
        await gate_setup.approve(work, REVIEWED)
        made = await gate_setup.propose(work, REVIEWED)
        with pytest.raises(Refused, match="choose to approve or to refuse"):
            await gate_setup.decide(work, REVIEWED, made, answer="nonsense")
        await gate_setup.decide(work, REVIEWED, made)
        with pytest.raises(Refused, match="choose to pause it"):
            await gate_setup.steer(work, REVIEWED, made, "nonsense")
    assert await gate_setup.state() == "sending"
