"""Actions that keep something of a person, found by reading their code: each names the consent it rests on."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType

from content.findings import Finding
from flows.model.consent import KEEPS, REMEMBERED
from flows.registry import Registry, place

_OURS = "flows."


def unasked_findings(registry: Registry) -> Iterator[Finding]:
    """Yield every action that keeps something and names neither a consent nor why it needs none."""
    for name, action in sorted(registry.actions.items()):
        kept = sorted(kept_by(action.function))
        if kept and not (action.consent or action.without_consent):
            message = f'the action "{name}" keeps something of a person ({", ".join(kept)}) but names no consent'
            yes = "name the purpose she agreed to, @action(consent=…) with a word of flows/model/consent.py"
            yield Finding(*place(action.function), message, f"{yes}, or say why none is needed: without_consent=…")


def kept_by(function: Callable[..., object]) -> set[str]:
    """Return what a function keeps: effects that store, fields of the session that last, in what it calls as well."""
    found: set[str] = set()
    waiting: list[object] = [inspect.unwrap(function)]
    seen: set[object] = set()
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            kept, called = _read(current)
            found |= kept
            waiting += called
    return found


@lru_cache(maxsize=2048)
def _read(function: FunctionType) -> tuple[frozenset[str], tuple[FunctionType, ...]]:
    """Return what a function keeps by itself, and the functions of ours that it names; many name the same ones."""
    values = list(_named(function))
    kept = {value.__name__ for value in values if isinstance(value, type) and value in KEEPS}
    fields = {field for code in _codes(function.__code__) for field in _set(code)}
    ours = (_OURS, function.__module__)
    called = [value for value in values if isinstance(value, FunctionType) and value.__module__.startswith(ours)]
    return frozenset(kept | fields), tuple(called)


def _named(function: FunctionType) -> Iterator[object]:
    """Yield what the names in a function stand for, attributes of our modules included."""
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    known = [function.__globals__[name] for name in names if name in function.__globals__]
    modules = [value for value in known if isinstance(value, ModuleType) and value.__name__.startswith(_OURS)]
    yield from known
    yield from _closure(function)
    yield from (getattr(module, name) for module in modules for name in names if hasattr(module, name))


def _closure(function: FunctionType) -> list[object]:
    return [cell.cell_contents for cell in function.__closure__ or ()]


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code and those of the functions written inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _set(code: CodeType) -> Iterator[str]:
    """Yield the fields that outlast a talk and are set in a code; a new session instead may change all of them."""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "STORE_ATTR" and instruction.argval in REMEMBERED | {"session"}:
            yield "Session" if instruction.argval == "session" else f"Session.{instruction.argval}"
