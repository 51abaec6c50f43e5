"""The environment of the templates: what every template can call by name."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from datetime import date
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
    made.globals["as_day"] = date.fromisoformat
    made.globals.update(icon=_macro(made, "icons.html", "icon"), clock=_macro(made, "clocks.html", "clock"))
    made.globals["flag_icon"] = _macro(made, "flag_icons.html", "flag_icon")
    made.filters["initials"] = initials
    return made


def initials(name: str) -> str:
    """The first letters of the first and last word of a name, for the round mark beside it."""
    words = name.split()
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else ""


def _macro(environment: Environment, template: str, name: str) -> Callable[..., str]:
    macro: Callable[..., str] = getattr(environment.get_template(template).module, name)
    return macro


def _labels() -> SimpleNamespace:
    """Every module of labels by its name: a new one needs no line anywhere."""
    package = console.labels
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return SimpleNamespace(**{name: import_module(f"{package.__name__}.{name}") for name in names})
