"""The registry with every feature in it: each module of `flows/features` is imported, in the order of the names."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flows import features
from flows.registry import REGISTRY

__all__ = ["REGISTRY"]

for name in sorted(module.name for module in iter_modules(features.__path__, "flows.features.")):
    import_module(name)
