"""Every effect a step may ask for is applied by one handler: one that nobody applies is an error, never silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import get_args
from uuid import uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from flows.model import effects
from store.db.engine import Store
from store.effects.apply import apply_effects
from store.effects.base import Batch, EffectRequest
from store.effects.registry import HANDLERS, NoHandler, applies, handler_of
from store.unit_of_work import BOT, unit_of_work

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
IN_THE_TURN = {effects.Say}
"""What the turn itself does."""
MARKERS = {effects.Urgent}
"""What is no effect but says something of some."""


class PlantedEffect(msgspec.Struct, frozen=True, tag=True):
    """An effect that somebody wrote and nobody applies."""


def unhandled(kinds: Iterable[object]) -> set[object]:
    """The effects among these that neither the turn nor a handler does."""
    return set(kinds) - IN_THE_TURN - HANDLERS.keys()


def written() -> set[type[msgspec.Struct]]:
    """Every effect that the module of the effects declares, whether or not the union names it."""
    found = {one for one in vars(effects).values() if isinstance(one, type) and issubclass(one, msgspec.Struct)}
    return {one for one in found if one.__module__ == effects.__name__} - MARKERS


def test_every_effect_has_a_handler() -> None:
    """Each class of the union, and each that the module declares, is applied by the store or done by the turn."""
    assert unhandled(get_args(effects.Effect)) == set()
    assert unhandled(written()) == set()
    assert written() == set(get_args(effects.Effect))


def test_every_handler_is_for_an_effect_of_the_store() -> None:
    """Nothing is registered for what no step can ask for, and every handler lies in the folder of handlers."""
    assert set(get_args(effects.StoreEffect)) == HANDLERS.keys()
    assert {one.apply.__module__.rpartition(".")[0] for one in HANDLERS.values()} == {"store.effects"}


def test_an_effect_without_a_handler_would_be_found() -> None:
    """The check itself, on one that was planted."""
    assert unhandled([*get_args(effects.Effect), PlantedEffect]) == {PlantedEffect}


def test_a_second_handler_is_refused() -> None:
    """Two modules that apply one effect: which of them did would depend on who was imported last."""

    async def again(batch: Batch, request: EffectRequest, effect: effects.OpenCase) -> None:
        """Open it once more."""

    before = HANDLERS[effects.OpenCase]
    with pytest.raises(ValueError, match="OpenCase has two handlers"):
        applies(effects.OpenCase)(again)
    assert handler_of(effects.OpenCase(3, "entry")) is before


async def test_an_effect_without_a_handler_is_an_error(store: Store) -> None:
    """Nothing is dropped in silence: the batch is not stored, and the error names the effect."""
    request = EffectRequest(1, 0, uuid4(), AESGCM(bytes(32)), 1, NOW, PlantedEffect(), (), None)  # type: ignore[arg-type]  # planted
    async with unit_of_work(store, NOW, BOT) as work:
        with pytest.raises(NoHandler, match="nothing applies the effect Planted"):
            await apply_effects(work, [request])


def test_danger_and_leaving_are_urgent() -> None:
    """What goes before the lines of a case says so itself."""
    assert {one for one in get_args(effects.Effect) if issubclass(one, effects.Urgent)} == {
        effects.OpenCase,
        effects.RaiseLevel,
        effects.Silence,
    }
