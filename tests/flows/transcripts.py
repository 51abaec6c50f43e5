"""Conversations as data: a file of cases is played through the step, and what happened is told in short words.

A case begins from a session (`from`) and holds turns. A turn is what came in (`said`, `press`, `typed` or another
`kind`), how long after the turn before (`after`, minutes), and what must be `shown`, which other `effects` are
asked for, and the `state` it ends in. It is played on two channels (`transcript_channels.py`): a number that is `said`
is pressed where it is a button, one that is `typed` is typed there as well. How what is shown is named:
`tests/flows/support_naming.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from content import strict_yaml
from content.recording_scripts import script
from flows.checks.graph import FlowGraph
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.model.effects import AwaitAnswer, Effect, Later, Say
from flows.model.facts import CareSeen, CaseSeen, Facts, InvitedSeen, ReferralSeen, SpeakingSeen, VillageSeen
from flows.model.messages import Incoming, Outgoing, Sound
from flows.model.session import Session
from flows.parsing.code_words import folded, tag
from flows.rendering.phrasing import outgoing as spoken
from tests.flows.support_naming import Naming
from tests.flows.transcript_channels import CHANNELS, TranscriptScreen

CASES = Path(__file__).parent / "cases"
MORNING = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""Monday 8:30 in Viet Nam: every office in the directory is open."""

SALT = b"a salt of the transcripts"


class PlayedTranscript(msgspec.Struct):
    """What one turn did."""

    session: Session
    effects: list[Effect]
    shown: list[str]
    others: list[str]


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every case with its name, in the order of the files."""
    for path in sorted(CASES.glob("*.yaml")):
        document = strict_yaml.read(
            path,
            integers=("after", "level", "press", "opens", "covers", "group", "audience", "id"),
            flags=(
                "on_duty",
                "human_here",
                "human_left",
                "answered",
                "answer_kept",
                "greeted",
                "member",
                "last",
                "life",
            ),
        )
        for case in document.value["cases"]:
            yield f"{path.stem}: {case['name']}", case


def channels_of(case: dict[str, Any]) -> tuple[str, ...]:
    """Return the channels that a case is played on: both, but for one that says which it is of."""
    return (case["channel"],) if "channel" in case else CHANNELS


def play(
    case: dict[str, Any], content: Conversation, channel: str = ""
) -> Iterator[tuple[dict[str, Any], PlayedTranscript]]:
    """Play a case turn by turn on a channel, by default the first of its own; yields each turn with what it did."""
    screen = TranscriptScreen(content.library.limits[channel or channels_of(case)[0]])
    session, facts = begin(case.get("from", {}), content)
    now = MORNING
    for turn in case["turns"]:
        now += timedelta(minutes=turn.get("after", 1))
        facts = meanwhile(facts, turn.get("meanwhile", {}))
        sent = incoming(screen.sent(turn, session), session, now)
        session, facts, effects = step(session, facts, sent, now, content)
        screen.show(effects, session)
        shown = [named(e.outgoing, content, facts, now) for e in effects if isinstance(e, Say)]
        yield (
            turn,
            PlayedTranscript(
                session, effects, shown, [told(e) for e in effects if not isinstance(e, Say | AwaitAnswer)]
            ),
        )


def begin(given: dict[str, Any], content: Conversation) -> tuple[Session, Facts]:
    """Make what a case begins with; on duty unless it says otherwise, its state's question on offer."""
    plain = {key: given[key] for key in ("state", "lang", "place", "level") if key in given}
    if "state" in given:
        plain["last_at"] = MORNING
        state = content.states.get(given["state"])
        plain["prompt"] = FlowGraph(content.groups, content.library).choices(state) if state else ()
    return Session(**plain), meanwhile(Facts(on_duty=True, salt=SALT), given)


def meanwhile(facts: Facts, given: dict[str, Any]) -> Facts:
    """Apply what the pipeline refreshes before a step: the roster, and the case as staff left it."""
    facts = msgspec.structs.replace(facts, invited=None)
    if "on_duty" in given:
        facts.on_duty = given["on_duty"]
    if "left_by" in given:
        facts.left_by = given["left_by"]
    if "next_shift" in given:
        facts.next_shift = datetime.fromisoformat(given["next_shift"])
    if "answer_kept" in given:
        facts.answer_kept = given["answer_kept"]
    if "care" in given:
        facts.care = care(given["care"])
    if "village" in given:
        facts.village = msgspec.convert(given["village"], VillageSeen)
    if "sounds" in given:
        facts.sounds = {name: Sound(number, number * 1000) for number, name in enumerate(given["sounds"], 1)}
    if "speaking" in given:
        facts.speaking = msgspec.convert(given["speaking"], SpeakingSeen)
    if "invited" in given:
        facts.invited = InvitedSeen(**given["invited"])
    if "case" in given:
        facts.case = None if given["case"] == "closed" else case_seen(given["case"])
    return facts


def case_seen(given: dict[str, Any]) -> CaseSeen:
    """Make what the store knows of her case; `asked` is how what staff asked her of a service stands.

    `last` says that this question is the last thing that staff wrote; `life` that it is of no service.
    """
    plain = {key: value for key, value in given.items() if key not in ("asked", "last", "life")}
    seen = CaseSeen("c1", "K7M2", **{"level": 2, **plain})
    if "asked" not in given:
        return seen
    service = "" if given.get("life") else "vn.peacehouse"
    asked = ReferralSeen(7, service, "401", "402", given["asked"], MORNING if given.get("last") else None)
    return msgspec.structs.replace(seen, referral=asked)


def care(given: dict[str, Any]) -> CareSeen:
    """Make what the store knows of her check-ins: a plan and, while one waits, the word that opens it."""
    if "word" not in given:
        return CareSeen(given["plan"])
    return CareSeen(given["plan"], tag(SALT, folded(given["word"])), given.get("greeted", False))


def incoming(turn: dict[str, Any], session: Session, now: datetime) -> Incoming:
    """Make what came in; `press` is the number of a choice, from 1, of the question now on offer."""
    if "press" in turn:
        return Incoming(kind="press", at=now, press=f"{session.nonce}:{turn['press'] - 1}")
    if "data" in turn:
        return Incoming(kind="press", at=now, press=turn["data"])
    if "kind" in turn:
        return Incoming(kind=turn["kind"], at=now, text=turn.get("said", ""), media=turn.get("media", ""))
    return Incoming(kind="text", at=now, text=turn["said"] if "said" in turn else turn["typed"])


def scripts_of(content: Conversation, facts: Facts) -> dict[str, str]:
    """Return the names of the scripts that only a speaker is shown, by their text."""
    names: dict[str, str] = {}
    for lang in ("en", "vi"):
        for card in facts.speaking.cards if facts.speaking else ():
            name = "recording_before" if facts.speaking and card in facts.speaking.refused else "recording_script"
            names[_script(content, facts, card, lang).text] = f"{name} {card}"
    return names


def _script(content: Conversation, facts: Facts, card: str, lang: str) -> Outgoing:
    """Return the script of a card as a speaker reads it."""
    seen = facts.speaking
    assert seen is not None
    words = script(content.library, card, seen.lang)
    place = {"n": str(seen.cards.index(card) + 1), "total": str(len(seen.cards))}
    said = spoken(content.library.say("recording_script", lang, **place, language=seen.name, words=words))
    if card not in seen.refused:
        return said
    reason = content.library.say(f"fragment.refused.{seen.refused[card]}", lang).text
    before = content.library.say("recording_before", lang, reason=reason).text
    return msgspec.structs.replace(said, text=f"{before}\n\n{said.text}")


def named(words: Outgoing, content: Conversation, facts: Facts, now: datetime) -> str:
    """Name what was said; words that are heard first are `aloud <name>`."""
    naming, scripts = Naming.of(content), scripts_of(content, facts)
    if not words.sounds:
        return naming.named(words, now, scripts)
    line, _, text = words.text.partition("\n")
    silent = msgspec.structs.replace(words, text=text, sounds=())
    return f"aloud {naming.named(silent, now, scripts)}" if text else line


def told(effect: Effect) -> str:
    """Tell an effect in one line: its name and its values, the empty ones left out."""
    if isinstance(effect, Later):
        return f"Later {', '.join(map(told, effect.does))}"
    values = (getattr(effect, field) for field in effect.__struct_fields__)
    words = (" ".join(map(str, v)) if isinstance(v, tuple) else str(v) for v in values)
    return " ".join([type(effect).__name__, *(word for word in words if word not in ("", "0"))])
