"""Refusals at the edge: every reason has a sentence in both languages, and reaches who asked, with what was typed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from console.web.form_filling import fill_form
from console.web.refusals import STATUS
from console.web.request import PageRequest
from console.web.roles import READERS
from console.web.routing import PageRoute
from console.web.serving import endpoint
from content.directory.refusals import placeholders, refusal_labels
from store.errors import Refused
from store.refusals import Refusal
from tests.support.console_room import Room

ROOT = Path(__file__).parents[3]
ROOMS = ("bot", "console", "scheduler", "store")
PATH = "/console/refused/{code}"


def raised() -> Iterator[tuple[str, frozenset[str], str]]:
    """Every refusal that the code raises: its name, the values it is given, and where."""
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") == "Refused":
                values = frozenset(keyword.arg or "" for keyword in node.keywords)
                for name in re.findall(r"Refusal\.([A-Z_0-9]+)", ast.unparse(node.args[0])):
                    yield name, values, str(path.relative_to(ROOT))


def test_every_refusal_is_labelled_and_no_label_is_left_over() -> None:
    """One without a sentence in Vietnamese and English would reach nobody."""
    assert set(refusal_labels()) == {str(refusal) for refusal in Refusal}
    assert len(Refusal) >= 30


def test_every_refusal_is_for_something() -> None:
    """One that no code names any more would be translated and reviewed for nobody."""
    production = (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.name != "refusals.py")
    named = {name for path in production for name in re.findall(r"\bRefusal\.([A-Z_0-9]+)", path.read_text("utf-8"))}
    assert named | {"SEALED", "FORGOTTEN"} >= {refusal.name for refusal in Refusal}


def test_every_refusal_is_given_what_its_sentence_is_filled_with() -> None:
    """A value that is missing would break the page that should say why."""
    for name, values, where in raised():
        label = refusal_labels()[Refusal[name]]["vi"]
        assert values == placeholders(label), f"{where}: Refusal.{name} takes {sorted(placeholders(label))}"


@pytest.fixture
def refusing(room: Room) -> Room:
    """A console with a page that refuses whatever it is asked for."""

    async def refuse(page: PageRequest) -> Response:
        refusal = Refusal(page.request.path_params["code"])
        values = {name: f"<{name}>" for name in placeholders(refusal_labels()[refusal]["en"])}
        raise Refused(refusal, **values)

    console = room.app.state.console
    route = PageRoute("case", "POST", PATH, refuse, READERS)
    app = Starlette(routes=[Route(PATH, endpoint(console, route, None), methods=["POST"]), *room.app.routes])
    room.app = app
    return room


@pytest.mark.parametrize("lang", ["en", "vi"])
async def test_every_refusal_reaches_who_asked_with_its_own_reason(refusing: Room, lang: str) -> None:
    """Its sentence in her language, the status of its kind, and the words she typed."""
    await refusing.hire("hoaban")
    async with refusing.signed_in("hoaban") as browser:
        browser.cookies.set("lang", lang)
        for refusal in Refusal:
            answer = await browser.post(f"/console/refused/{refusal}", data={"note": "Lời đã gõ ở đây"})
            label = refusal_labels()[refusal][lang]
            said = label.format(**{name: f"&lt;{name}&gt;" for name in placeholders(label)})
            assert answer.status_code == STATUS[refusal.kind], refusal
            assert said.replace('"', "&#34;").replace("'", "&#39;") in answer.text, refusal
            assert "Lời đã gõ ở đây" in answer.text, refusal


FORM = (
    '<details class="fold"><summary>More</summary><form method="post" action="/here">'
    '<input type="hidden" name="key" value="1"><input name="day" value="old" required><input type="checkbox"'
    ' name="need" value="papers" checked><input type="checkbox" name="need" value="health"><select name="to">'
    '<option value="a" selected>A</option><option value="b">B &amp; C</option></select>'
    '<textarea name="note">before &lt;</textarea>'
    '<button name="say" value="yes">Yes</button></form></details><form method="post" action="/there"><input name="day">'
    "</form>"
)


def test_a_form_is_filled_with_what_was_typed() -> None:
    """Texts, ticks and choices; hidden fields and other forms stay; what folds the form away is open."""
    typed = [("key", "2"), ("day", 'a "b"'), ("need", "health"), ("to", "b"), ("note", "one\n<two>"), ("say", "yes")]
    assert fill_form(FORM, "/here", typed) == (
        '<details open class="fold"><summary>More</summary><form method="post" action="/here">'
        '<input type="hidden" name="key" value="1"><input name="day" required value="a &quot;b&quot;"><input'
        ' type="checkbox" name="need" value="papers"><input type="checkbox" name="need" value="health" checked><select'
        ' name="to"><option value="a">A</option><option value="b" selected>B &amp; C</option></select><textarea'
        ' name="note">\none\n&lt;two&gt;</textarea><button name="say" value="yes">Yes</button></form></details><form'
        ' method="post" action="/there"><input name="day"></form>'
    )
    assert fill_form(FORM, "/nowhere", typed) is None


async def test_a_refused_form_of_a_case_comes_back_with_its_own_reason(room: Room) -> None:
    """A strange need, a strange reason to close, somebody else's case, a case that is not sealed to her."""
    await room.hire("hoaban", "hoasen")
    case = f"/console/cases/{await room.person(3, ['Cứu em với'])}"
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        await browser.post(f"{case}/take")
        await _refused(browser, f"{case}/needs", {"need": "nonsense"}, Refusal.NEED_UNKNOWN)
        await _refused(browser, f"{case}/close", {"reason": "words"}, Refusal.CLOSING_REASON_UNKNOWN)
        past = {"step": "papers", "day": "2020-01-01"}
        again = await _refused(browser, f"{case}/next", past, Refusal.NEXT_STEP_INVALID)
        assert '<option value="papers" selected>' in again
        assert 'value="2020-01-01"' in again
        kept = await _refused(colleague, f"{case}/note", {"note": "Lời của tôi"}, Refusal.CASE_NOT_YOURS)
        assert "Lời của tôi" in kept
        await room.hire("hoadao")
        async with room.signed_in("hoadao") as newcomer:
            shut = await newcomer.get(case)
            assert (shut.status_code, refusal_labels()["case_not_sealed"]["vi"] in shut.text) == (403, True)


async def _refused(browser: httpx.AsyncClient, path: str, data: dict[str, str], refusal: Refusal) -> str:
    answer = await browser.post(path, data=data)
    assert (answer.status_code, refusal_labels()[refusal]["vi"] in answer.text) == (STATUS[refusal.kind], True), refusal
    return answer.text
