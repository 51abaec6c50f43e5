"""The environment of the templates: what every template can call by name."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import SimpleNamespace

from jinja2 import Environment, PackageLoader, StrictUndefined

import console.labels
from console.web.due_times import URGENT, due
from console.web.i18n import LANGUAGES
from store.cases.changes import read_change


def environment() -> Environment:
    """Build the environment; a text of `console/labels/casework.py` is `labels.casework.NAME` in a template."""
    made = Environment(
        loader=PackageLoader("console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.globals.update(labels=_labels(), LANGUAGES=LANGUAGES, due=due, URGENT=URGENT, read_change=read_change)
    return made


def _labels() -> SimpleNamespace:
    """Every module of labels by its name: a new one needs no line anywhere."""
    package = console.labels
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return SimpleNamespace(**{name: import_module(f"{package.__name__}.{name}") for name in names})
