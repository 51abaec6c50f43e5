"""Every state and every answer of every flow, walked by people with phones through a real service, on every channel."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from content.zone import VIETNAM
from scheduler.quiet_hours import opening
from store.checkins import service as checkins
from store.checkins.models import check_in_plan
from store.checkins.service import CheckInDays
from store.groups.invite_codes import invite
from store.groups.models import AUDIENCE, MEMBER, village_group
from store.recordings import speakers
from store.staff.roster import duties, remove_duty
from store.unit_of_work import SERVICE, member_actor, unit_of_work
from tests.flows.standings import standing
from tests.integration.checkins.test_check_in import COVER, go_to
from tests.support.content import conversation
from tests.support.party import Party
from tests.support.staff import work_of_test
from tests.support.stage import until
from tests.support.system import System
from tests.support.walks import WORDS, Walker

log = logging.getLogger(__name__)
HELLO, CRY = "xin chào", "cuu em voi"
BABY = (HELLO, "job_offer_check", "surrogacy", "start")
PACKED = (HELLO, "before_you_go", "start", *("done",) * 11, "not_yet")
ASKS = (HELLO, "safety", "speak", "question_box", "work", WORDS)
TELLS = (HELLO, "safety", "speak", "report_suspicion", "no", "lure", "skip", "today")
GROUP = ("settings", "village")
IS_IT_TRUE = "có thật không ạ"
"""What whoever hears from a group asks of its news."""
SHARED = "leave.prepared"
"""A card that the demo's members may send: the first of its shelf."""
AGAIN = ("before_you_go",)
AGREES = (HELLO, "settings", "check_ins", "agree", "evening", WORDS, WORDS)
ASKED = (HELLO, "human", "message", "no", "here", "abroad")
"""To the questions beside a case that waits; whoever comes so far goes on from there by herself."""
ENDS = (
    ((*BABY, *("yes",) * 8), ("human", "hotline", "again", "menu")),
    ((*BABY, *("unsure", "no") * 1, *("no",) * 6), ("before_you_go", "human", "again", "menu")),
    ((*BABY, *("no",) * 7, "yes"), ("before_you_go", "human", "again", "menu")),
    ((*BABY, *("skip",) * 8), ("before_you_go", "human", "again", "menu")),
    (PACKED, ("again", "human", "menu")),
    (PACKED, ("tick", "tick", "tick")),
    ((*PACKED, "keep", "menu", *AGAIN), ("tick", "tick", "tick")),
    ((*PACKED, "keep"), ("drop", "human")),
    ((*PACKED, "keep", "menu", *AGAIN, "human", "menu", *AGAIN, "menu", *AGAIN), ("drop", "again", "menu")),
    ((HELLO, "safety", "quiz", *("yes", "more") * 12), ("again", "human", "menu")),
    ((HELLO, "safety", "youth", "play", *("yes", "more") * 6), ("again", "human", "menu")),
    ((HELLO, "offers", "signs", "sign.hunger-and-hours", "more"), ("menu", "human", "list")),
    ((*ASKED, "kh", "self", "adult", "shelter", "done"), ("agree", "decline", "agree")),
    ((HELLO, "human", "message", "no"), ("here", "only_when_i_write", "decline")),
    ((HELLO, "human", "message", "no", "another_number"), ("decline", "agree", "decline")),
    ((HELLO, "human", "message", "no", "another_number", "agree"), ("skip", WORDS, "skip")),
    ((*ASKS, "send"), ("question_box", "human", "menu")),
    ((*TELLS, "send"), ("human", "menu", "human")),
    (TELLS, ("decline", "decline", "decline")),
    (TELLS[:5], ("held", "marriage", "online")),
    (TELLS[:5], ("something_else", "something_else", "something_else")),
    (TELLS[:6], (WORDS, WORDS, WORDS)),
    (TELLS[:7], ("earlier", "skip", "week")),
    ((HELLO, "settings", "privacy", "words", "agree"), ("later", "later", "later")),
    ((HELLO, "settings", "privacy", "words", "agree", "2"), ("menu", "menu", "menu")),
    ((HELLO, "settings", "privacy", "words", "agree", "page", "page", "page"), ("later", "later", "later")),
    ((HELLO, "xóa dữ liệu của tôi"), ("decline", "decline", "decline")),
    (ASKS, ("rewrite", "human", "menu")),
    ((HELLO, "services", "vn", "province", WORDS), ("place", "province", "menu")),
    ((*AGREES, "menu", "settings", "check_ins"), ("pause", "end", "hours", "menu")),
    ((*AGREES, "menu", "settings", "check_ins", "pause", "settings", "check_ins"), ("resume", "end", "menu")),
    ((HELLO, "xóa dữ liệu của tôi", "forget_now"), (WORDS, WORDS, WORDS)),
    ((CRY, "xóa dữ liệu của tôi", "forget_now"), ("human", "menu", "human")),
)
"""Ends of long lists and turnings, with their answers: whoever only looks for new answers would walk far for each."""
FACES = (
    ("good", "good", "menu"),
    ("so_so", "so_so", "human"),
    ("skip", "hard"),
    ("good", "skip"),
    ("hard", "numbers"),
    ("hard", "menu"),
)
"""How people answer after their word: two questions, or after a hard garden one."""
NEWCOMERS = 8
"""How many come at a time on each channel."""
ELSEWHERE = {
    "Recording:finished": "after a voice for each of some 350 scripts: tests/integration/broadcasts/test_recordings.py",
    "Recording:leaving": "reached from there alone",
    "CheckIn:cover": "while a greeting waits: tests/integration/checkins, tests/flows/cases/covered.yaml",
    "Closing:asked": "after a human has closed her case: tests/integration/cases/test_closing.py",
    "Words:back": "behind a word of hers: tests/integration/cases/test_duress.py",
    "SilentCall:where": "for whoever has read the card of the silent call: tests/flows/cases/silent_and_leaving.yaml",
}
"""States that nobody stands in here, and where they are walked."""


SELDOM = {
    ("Recording:invited", "decline"): "tests/flows/cases/recording.yaml",
    ("Village:invited", "decline"): "tests/flows/cases/village.yaml",
    ("GetHelp:country_later", "first_choices"): "the same list as at GetHelp:country: tests/flows/cases/places.yaml",
    ("Village:cards", "next_titles"): "tests/flows/cases/village.yaml",
    ("Village:cards", "titles_before"): "tests/flows/cases/village.yaml",
    ("GetHelp:alone", "read"): "with nobody on duty: tests/flows/cases/situations.yaml",
    ("Village:card", "decline"): "tests/flows/cases/village.yaml",
    ("Village:leaving", "leave_now"): "tests/flows/cases/village.yaml",
    ("Village:cards", "leave.papers"): "tests/flows/cases/village.yaml",
    ("Village:cards", "leave.two-numbers"): "tests/flows/cases/village.yaml",
}
"""Answers that seldom anybody gives here, and where they are given."""
FIXED = ("human", "menu")
"""The answers 0 and 9, which stand below every question and lead to the same place: tests/flows/checks/test_map.py."""


async def everybody(party: Party) -> None:
    """Let newcomers come as long as some of them find something new."""
    found = -1
    while found != (found := party.found):
        for _ in range(NEWCOMERS):
            party.add()
        await party.go()


async def after_their_word(system: System, party: Party) -> None:
    """People agree to be asked; two days later the cover line comes, their word opens two questions."""
    agreed = [party.add(*AGREES, explores=False) for _ in FACES]
    await party.go()
    await start_plans(system)
    await go_to(system, 1, 19, 31)
    phones = [system.world.phone(walker.channel, walker.slug) for walkers in agreed for walker in walkers]

    async def covered() -> bool:
        return all(any(COVER in message.text for message in phone.messages) for phone in phones)

    await until(covered, 20)
    for walkers, faces in zip(agreed, FACES, strict=True):
        for walker in walkers:
            walker.script = ("rau muống", *faces)
    await party.go()


async def start_plans(system: System) -> None:
    """Let a counsellor start every plan, for tomorrow."""
    staff_id, _ = await system.counsellor()
    now = system.runtime.clock.now()
    tomorrow = now.astimezone(VIETNAM).date() + timedelta(days=1)
    async with unit_of_work(system.store, now, member_actor(staff_id)) as work:
        for plan in (await work.conn.execute(select(check_in_plan.c.id))).scalars().all():
            chosen = CheckInDays([tomorrow], opening, lambda _: 0)
            await checkins.start(work, plan, "cover_line_vegetables", chosen)


async def invited(system: System, party: Party) -> list[Walker]:
    """Members of a group, two who hear from it and a speaker come with their codes; returns the members who stay."""
    members: list[Walker] = []
    for walk in party.walks:
        async with unit_of_work(system.store, system.runtime.clock.now(), SERVICE) as work:
            group = (await work.conn.execute(select(village_group.c.id))).scalar_one()
            member, other, listener = [await invite(work, group, kind) for kind in (MEMBER, MEMBER, AUDIENCE)]
            speaker = await speakers.invite(work, system.runtime.library, "vi", "Giọng một")
        walk.add(HELLO, member, "accept", *GROUP, "share", SHARED, "another", "menu", *GROUP, "share", SHARED, "send")
        members.append(walk.add(HELLO, other, "accept", *GROUP, "leave", "decline", explores=False))
        walk.add(HELLO, listener, "menu", listener, "accept", *GROUP)
        walk.add(HELLO, listener, "accept", IS_IT_TRUE)
        walk.add(HELLO, speaker, "menu", speaker, "accept", "menu", speaker, "start", "<voice>", "skip")
    return members


async def nobody_left(system: System, party: Party, members: list[Walker]) -> None:
    """The roster is empty, no card is approved any more, and every script has a voice."""
    now = system.runtime.clock.now()
    async with work_of_test(system.store, now) as work:
        for duty in await duties(work.conn, now):
            await remove_duty(work, duty.id)
        await work.conn.exec_driver_sql("DELETE FROM card_approval")
    await system.advance(2)
    for member in members:
        member.script = ("menu", "settings", "village", "share")
    for _ in range(3):
        party.add(HELLO, "human")
    for _ in range(2):
        party.add(CRY, "unknown", "skip")
    await party.go()


async def test_everybody_walks_everywhere(system: System) -> None:
    """0 answers without an answer, 0 messages over a limit, 0 refused by a stand-in, 0 questions without their answers.

    Every state is stood in on every channel, every answer taken on one of them: what each looks like on each channel
    is walked without a network in tests/flows/test_walk_everything.py.
    """
    party = Party(system)
    await after_their_word(system, party)
    for road, last in ENDS:
        for turn, answer in enumerate(last):
            party.walks[turn % len(party.walks)].add(*road, answer, explores=False)
    for _ in range(4):
        party.add(*ASKED)
    members = await invited(system, party)
    await everybody(party)
    await nobody_left(system, party, members)
    content = conversation()
    every = {(state, choice.value) for state in content.states for choice in standing(content, state).session.prompt}
    elsewhere = {answer for answer in every if answer[0] in ELSEWHERE or answer[1] in FIXED}
    counts = {walk.channel: (len(walk.seen), len(walk.taken)) for walk in party.walks}
    log.warning("%s; %d turns, %d messages", counts, party.turns, party.messages)
    assert (party.unanswered, party.over, party.refused, party.unshown) == ([], [], [], [])
    unseen = {walk.channel: content.states.keys() - walk.seen - ELSEWHERE.keys() for walk in party.walks}
    assert unseen == {walk.channel: set() for walk in party.walks}
    untaken = [answer for answer in party.untaken if answer[1] not in FIXED and answer not in SELDOM]
    assert (untaken, every - elsewhere - SELDOM.keys() - party.known.taken.keys()) == ([], set())
