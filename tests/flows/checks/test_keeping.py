"""An action that keeps something of a person names the consent it rests on; one that does not is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

import msgspec
import pytest

from content.findings import ContentErrors
from flows.all_features import REGISTRY
from flows.checks.keeping import kept_by, unasked_findings
from flows.checks.run import check_flows
from flows.context import Context
from flows.engine.conversation import Conversation
from flows.features import profiles
from flows.load import content_for
from flows.model.consent import KEEPS, KEEPS_NOTHING, PURPOSES, REMEMBERED
from flows.model.effects import ChangePlan, Effect, KeepRecording, KeepSecondWay, NoteOnCase, RecordConsent, SendTip
from flows.model.session import Session
from flows.registry import Registry


def keep_number(context: Context) -> None:
    """Keep a number."""
    context.effects.append(KeepSecondWay(context.incoming.text))


def keep_by_hand(context: Context) -> None:
    """Keep something in what is called."""
    _record(context)


def _record(context: Context) -> None:
    context.effects.append(RecordConsent("C4", "x", True))


def keep_in_a_list(context: Context) -> None:
    """Keep something in a function written inside."""
    context.effects += list(map(lambda kind: SendTip(kind, ""), ("a", "b")))


def _keeper(effect: type) -> Callable[[Context], None]:
    def keep_made(context: Context) -> None:
        context.effects.append(effect("card", "media"))

    return keep_made


def keep_profile(context: Context) -> None:
    """Keep something by way of a module."""
    profiles.make(context, "1234")


def keep_ticks(context: Context) -> None:
    """Keep something in the session."""
    context.session.kept = {**context.session.kept, "bag": "packed"}


def keep_all_anew(context: Context) -> None:
    """Put a whole session in the place of hers."""
    context.session = msgspec.structs.replace(context.session, kept={"bag": "packed"})


KEEPERS = {
    keep_number: {"KeepSecondWay"},
    keep_by_hand: {"RecordConsent"},
    keep_in_a_list: {"SendTip"},
    _keeper(KeepRecording): {"KeepRecording"},
    keep_profile: {"Session.kept", "Session.profiles"},
    keep_ticks: {"Session.kept"},
    keep_all_anew: {"Session"},
}


@pytest.mark.parametrize("keeper", KEEPERS, ids=lambda keeper: keeper.__name__)
def test_an_action_that_keeps_something_without_a_consent_is_refused(keeper: Callable[[Context], None]) -> None:
    """However it does so, the sentence names the action, what is kept, where it stands, and the way out."""
    registry = Registry()
    registry.action()(keeper)
    [found] = unasked_findings(registry)
    kept = ", ".join(sorted(KEEPERS[keeper]))
    assert found.message == (
        f'the action "{keeper.__name__}" keeps something of a person ({kept}) but names no consent'
    )
    assert "@action(consent=…)" in found.remedy
    assert "without_consent=…" in found.remedy
    assert (found.file, found.line) == ("tests/flows/checks/test_keeping.py", keeper.__code__.co_firstlineno)


@pytest.mark.parametrize("named", [{"consent": "C5"}, {"without_consent": "a number kept before is let go"}])
def test_a_consent_or_a_reason_is_enough(named: dict[str, str]) -> None:
    """The purpose is then looked for on every way; the reason stands beside the code."""
    registry = Registry()
    registry.action(**named)(keep_number)  # type: ignore[arg-type]
    assert list(unasked_findings(registry)) == []


def test_what_keeps_nothing_needs_no_consent() -> None:
    """What danger opens is kept unasked (safety rule 2), and moving or ending what is kept asks nothing."""

    def note(context: Context) -> None:
        context.effects += [NoteOnCase("where", "vn"), ChangePlan("paused")]
        context.update_data(kept="yes")

    assert kept_by(note) == set()


def test_the_check_refuses_it_and_nothing_is_compiled(content: Conversation) -> None:
    """A service with such an action does not start."""
    registry = REGISTRY.copy()
    registry.action()(keep_number)
    with pytest.raises(ContentErrors, match='the action "keep_number" keeps something of a person'):
        content_for(content.library, content.groups, registry)


def test_an_effect_keeps_something_until_it_is_said_that_it_does_not() -> None:
    """A new effect of the service is on the careful side."""
    assert set(get_args(Effect)) == KEEPS | KEEPS_NOTHING
    assert not KEEPS & KEEPS_NOTHING
    assert {"RecordConsent", "Agree", "KeepRecording"} <= {effect.__name__ for effect in KEEPS}


def test_the_fields_that_last_are_fields_of_the_session() -> None:
    """A renamed field would be watched by nobody."""
    assert set(Session.__struct_fields__) >= REMEMBERED


def purposes(content: Conversation) -> Iterator[str]:
    """Yield what states ask for and actions and conditions rest on."""
    yield from (state.consent for state in content.states.values())
    yield from (action.consent for action in REGISTRY.actions.values())
    yield from (condition.proves for condition in REGISTRY.conditions.values())


def test_every_purpose_is_asked_for_and_used(content: Conversation) -> None:
    """No purpose is explained that nobody asks for; each that an action rests on is asked for by some state."""
    asked = {state.consent for state in content.states.values()}
    assert {action.consent for action in REGISTRY.actions.values()} == asked
    assert set(purposes(content)) - {""} == set(PURPOSES)


def test_a_purpose_of_a_state_that_does_not_exist_is_found(content: Conversation) -> None:
    """A consent that no action rests on is a slip of the pen."""
    group = next(group for group in content.groups if group.name == "Recording")
    states = tuple(msgspec.structs.replace(state, consent="voice" if state.consent else "") for state in group.states)
    groups = [msgspec.structs.replace(group, states=states), *(one for one in content.groups if one is not group)]
    [found] = check_flows(groups, content.library)
    assert 'consent: there is no purpose "voice"' in found.message
    assert "recording" in found.remedy
