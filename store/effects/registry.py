"""Handlers of effects by type: each feature's module names its own with `@applies`, and `apply.py` looks them up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from store.effects.base import Batch, EffectRequest

E = TypeVar("E", bound=msgspec.Struct)


class NoHandler(LookupError):
    """An effect that no module applies: what a step asked for would be lost, so nothing of its batch is kept."""


class Handler(msgspec.Struct, frozen=True):
    """What applies one kind of effect; `keeps_case`: the person's case is the same one afterwards, unchanged."""

    apply: Callable[[Batch, EffectRequest, Any], Awaitable[None]]
    keeps_case: bool = False


HANDLERS: dict[type[msgspec.Struct], Handler] = {}


def applies(
    effect: type[E], *, keeps_case: bool = False
) -> Callable[
    [Callable[[Batch, EffectRequest, E], Awaitable[None]]], Callable[[Batch, EffectRequest, E], Awaitable[None]]
]:
    """Register the handler of an effect. Raises ValueError for a second one."""

    def register(
        handler: Callable[[Batch, EffectRequest, E], Awaitable[None]],
    ) -> Callable[[Batch, EffectRequest, E], Awaitable[None]]:
        if effect in HANDLERS:
            raise ValueError(f"{effect.__name__} has two handlers: remove one")
        HANDLERS[effect] = Handler(handler, keeps_case)
        return handler

    return register


def handler_of(effect: msgspec.Struct) -> Handler:
    """Look up what applies an effect. Raises NoHandler."""
    try:
        return HANDLERS[type(effect)]
    except KeyError:
        name = type(effect).__name__
        raise NoHandler(f"nothing applies the effect {name}: write @applies(effects.{name}) in store/effects") from None
