"""What is known of a person in a case, each fact with a small form: place, age, language, marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.pages.cases.cases import case_id, to_case
from console.pages.cases.corrections import done
from console.pages.cases.fact_values import commune_name, language_names, language_of
from console.web.forms import Form
from console.web.request import PageRequest
from content.cards.languages import BASE
from content.directory.numbers import HOME
from content.library import Library
from store.areas.models import code_of
from store.cases import rekey
from store.cases.changes import readable_case
from store.cases.models import CaseRow
from store.corrections import facts
from store.corrections.facts import Place
from store.errors import Refused
from store.refusals import Refusal

FACTS = ("place", "age", "language", "marks")


async def edit(page: PageRequest) -> Response:
    """Show the form of one fact: a part for a page that stays open, else a page."""
    fact = _fact(page)
    async with page.unit_of_work() as work:
        case = await readable_case(work, case_id(page))
    template = "cases/edit_fact.html" if page.is_htmx else "cases/edit_page.html"
    return page.respond(template, fact=fact, case=case, **_choices(page, case))


async def keep(page: PageRequest) -> Response:
    """Keep what was corrected."""
    form, fact, about = await page.form(), _fact(page), case_id(page)
    library = page.console.library
    async with page.unit_of_work() as work:
        match fact:
            case "place":
                await facts.correct_place(work, about, _place(library, form))
            case "age":
                await facts.correct_age(work, about, form.text("age"))
            case "language":
                await facts.correct_language(work, about, form.text("language"), library.languages, BASE)
            case _:
                await facts.correct_marks(work, about, form.text("seen").split(), form.texts("mark"))
    if fact == "place":
        await rekey.follow_roster(page.console.store, page.now)
    return done(page) if page.is_htmx else to_case(page)


def _fact(page: PageRequest) -> str:
    fact: str = page.request.path_params["fact"]
    if fact not in FACTS:
        raise HTTPException(404)
    return fact


def _choices(page: PageRequest, case: CaseRow) -> dict[str, Any]:
    library, lang = page.console.library, page.l10n.lang
    named = Locale(lang).territories
    lands = {area: named[area] for area in {one.area for one in library.services.values()} - {HOME}}
    return {
        "provinces": _by_name(page.console.provinces),
        "lands": _by_name(lands),
        "commune": commune_name(library, case.commune),
        "languages": language_names(library, lang),
        "language_now": language_of(case.flags),
        "ages": facts.AGES,
        "marks": facts.MARKS,
        "kept_marks": facts.KEPT_MARKS,
    }


def _by_name(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda one: one[1])


def _place(library: Library, form: Form) -> Place:
    """The place that was chosen, with the commune that was typed. Raises Refused for a commune that is not one."""
    kind, province, typed = form.text("kind"), form.text("province"), form.text("commune")
    known = {one.area for one in library.services.values()}
    if (province and province not in library.areas.provinces) or form.text("land") not in known | {""}:
        raise Refused(Refusal.CORRECTION_CHOICE)
    if kind != "vn" or not typed:
        return Place(facts.place_of(kind, province, form.text("land")))
    found = {one.area.code: one.area for one in library.areas.find(typed, province) if one.area.level == "commune"}
    if len(found) != 1:
        names = [f"{one.name}, {library.areas.provinces[one.province].name}" for one in found.values()][:8]
        raise Refused(Refusal.PLACE_COMMUNE_MANY, names=names) if found else Refused(Refusal.PLACE_COMMUNE_UNKNOWN)
    [area] = found.values()
    return Place(f"vn:{area.province}", code_of(area), area.name)
