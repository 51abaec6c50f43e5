"""The state machine: every flow compiled into one shared `transitions` machine; nothing else knows that library."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from transitions import Event, EventData, Machine
from transitions import State as MachineState

from flows.context import Context
from flows.model.definition import State, StatesGroup, Transition
from flows.registry import Registry


class _Machine(Machine):
    """The library's machine, whose callbacks are all functions of one context: nothing to look up by name, no log."""

    def callbacks(self, funcs: Iterable[Any], event_data: EventData) -> None:
        """Run the callbacks of one stage of a transition."""
        for func in funcs:
            func(*event_data.args)


class Engine:
    """The compiled states and transitions; holds no conversation, so one serves everybody.

    The machine has no model of its own: a session carries the state into `Event.trigger` and out again.
    A model per person would stay in the machine for ever (19 KB each), and the library's automatic
    `to_<state>` triggers make a build of this size twenty times slower; both are off.
    `machine.events` is only half public in transitions 0.9.3, hence the pinned version and a test.
    """

    def __init__(
        self,
        groups: Iterable[StatesGroup],
        registry: Registry,
        enter: Callable[[Context, State], None],
    ) -> None:
        groups = tuple(groups)
        self.states: dict[str, State] = {s.state: s for g in groups for s in g.states}
        self._registry = registry
        self._machine = _Machine(
            model=None,
            states=[_entered(state, enter) for state in self.states.values()],
            initial=None,
            auto_transitions=False,
            send_event=False,
        )
        for transition in _local_first(groups):
            self._add(transition)
        self._own = frozenset((t.trigger, source) for g in groups for t in g.transitions for source in t.source)
        self._events: dict[str, Event] = dict(self._machine.events)

    def _add(self, transition: Transition) -> None:
        everywhere = transition.source == ("*",)
        actions, conditions = self._registry.actions, self._registry.conditions
        self._machine.add_transition(
            trigger=transition.trigger,
            source="*" if everywhere else list(transition.source),
            dest=transition.dest,
            conditions=[conditions[name].function for name in transition.conditions],
            unless=[conditions[name].function for name in transition.unless],
            before=[actions[name].function for name in transition.before],
            after=[actions[name].function for name in transition.after],
        )

    def can(self, trigger: str, state: str) -> bool:
        """Say whether some transition of `trigger` leaves `state` (its conditions may still refuse)."""
        event = self._events.get(trigger)
        return event is not None and state in event.transitions

    def has_own(self, trigger: str, state: str) -> bool:
        """Say whether a state has a transition of its own for `trigger`, not only what holds everywhere."""
        return (trigger, state) in self._own

    def fire(self, trigger: str, context: Context) -> bool:
        """Run the first transition of `trigger` whose conditions hold; False when there is none.

        Order: `before` actions, the new state's words, `after` actions.
        """
        if not self.can(trigger, context.session.state):
            return False
        return bool(self._events[trigger].trigger(context.session, context))


def _entered(state: State, enter: Callable[[Context, State], None]) -> MachineState:
    def say(context: Context) -> None:
        enter(context, state)

    return MachineState(state.state, on_enter=[say])


def _local_first(groups: Iterable[StatesGroup]) -> list[Transition]:
    """Put what one state says for itself before what holds everywhere: the library takes the first match."""
    every = [t for g in groups for t in g.transitions]
    return sorted(every, key=lambda t: t.source == ("*",))
