"""What every answer carries, and what is refused before a page is asked."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path

import pytest
from starlette.datastructures import Headers

import console
from console.web.security import CSP, is_ours, origin_of
from store.casework import queue
from tests.support.console_room import AGENT, WORDS, PlainSettings, Room

ORIGIN = origin_of("https://bridge.example")
VENDORED = {
    "htmx-4.0.1.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
}


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        pytest.param({"sec-fetch-site": "same-origin"}, True, id="our page"),
        pytest.param({"sec-fetch-site": "none"}, True, id="typed by hand"),
        pytest.param({"sec-fetch-site": "same-site"}, False, id="sibling subdomain"),
        pytest.param({"sec-fetch-site": "cross-site"}, False, id="another site"),
        pytest.param({"sec-fetch-site": ""}, False, id="empty"),
        pytest.param(
            {"sec-fetch-site": "cross-site", "origin": "https://bridge.example"}, False, id="fetch metadata wins"
        ),
        pytest.param({"origin": "https://bridge.example"}, True, id="older browser, our origin"),
        pytest.param({"origin": "https://bridge.example:443"}, True, id="default port"),
        pytest.param({"origin": "https://bridge.example:8443"}, False, id="other port"),
        pytest.param({"origin": "https://bridge.example.evil.test"}, False, id="longer host"),
        pytest.param({"origin": "null"}, False, id="opaque origin"),
        pytest.param({"origin": "https://[::1"}, False, id="garbage"),
        pytest.param({}, True, id="no browser"),
    ],
)
def test_only_our_own_pages_may_post(headers: dict[str, str], ours: bool) -> None:
    """Sec-Fetch-Site decides, else Origin; anything half-way is another site."""
    assert is_ours(Headers(headers | {"host": "inner:8080"}), ORIGIN) is ours


async def test_post_from_another_site_does_nothing(room: Room) -> None:
    """A form on another site cannot answer, take, close, sign out or change the language in her name."""
    await room.hire("hoaban")
    case = await room.person()
    async with room.signed_in("hoaban") as browser:
        for path in (f"/console/cases/{case}/take", f"/console/cases/{case}/reply", "/console/logout"):
            answer = await browser.post(path, headers={"sec-fetch-site": "cross-site"})
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
        assert (await browser.get("/console/queue")).status_code == 200
    async with room.store.data.connect() as conn:
        (row,) = await queue.queue(conn)
    assert row.acked_by is None


async def test_every_answer_carries_the_strict_headers(room: Room) -> None:
    """Pages, refusals, errors and files alike: the same policy, pinned here word by word."""
    await room.hire("hoaban")
    case = await room.person()
    async with room.signed_in("hoaban") as browser:
        for path in (
            "/console/login",
            "/console/queue",
            f"/console/cases/{case}",
            "/console/nowhere",
            "/console/audit",
            "/console/static/frame.js",
            "/console/static/../app.py",
        ):
            headers = (await browser.get(path)).headers
            assert headers["content-security-policy"] == CSP
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["x-content-type-options"] == "nosniff"
            expected = "max-age=31536000" if path.endswith(".js") else "no-store"
            assert expected in headers["cache-control"], path


def test_policy_allows_nothing_inline_and_nobody_elses_script() -> None:
    """The policy starts from nothing and holds no unsafe word."""
    assert CSP == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


async def test_broken_page_answers_a_sentence_with_the_same_headers(room: Room, caplog) -> None:  # type: ignore[no-untyped-def]
    """When the database goes away in the middle, nothing of the error is shown or logged but its class."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        async with room.store.data.begin() as conn:
            await conn.exec_driver_sql("ALTER TABLE case_file RENAME TO gone")
        answer = await browser.get("/console/queue")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == CSP
    assert "case_file" not in answer.text
    assert [record.reason for record in caplog.records if record.name == "nhipcau.console"] == ["ProgrammingError"]


async def test_form_larger_than_anybody_types_is_refused(room: Room) -> None:
    """64 KiB is far more than any form of ours; more is refused unread."""
    async with room.browser() as browser:
        answer = await browser.post("/console/login", data={"login": "x" * 70_000})
        pieces = await browser.post("/console/login", content=_pieces())
    assert (answer.status_code, pieces.status_code) == (413, 413)


async def _pieces() -> AsyncIterator[bytes]:
    yield b"login=x"


@pytest.mark.parametrize(
    ("secure", "name", "attributes"),
    [
        pytest.param(True, "__Host-sid", {"httponly", "samesite=strict", "path=/", "secure"}, id="HTTPS"),
        pytest.param(False, "sid", {"httponly", "samesite=strict", "path=/"}, id="plain HTTP of the demo"),
    ],
)
async def test_session_cookie_is_bound(store, library, secure: bool, name: str, attributes: set[str]) -> None:  # type: ignore[no-untyped-def]
    """The cookie is for this host alone, unseen by scripts, never sent from another site, gone with the browser."""
    settings = PlainSettings("https://bridge.example" if secure else "http://localhost:8080", secure)
    room = Room(store, library, settings)
    await room.hire("hoaban")
    async with room.browser() as browser:
        answer = await browser.post("/console/login", data={"login": "hoaban", "passphrase": WORDS})
    (session,) = (one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{name}="))
    _, *rest = session.split("; ")
    assert {part.lower() for part in rest} == attributes
    assert ("strict-transport-security" in answer.headers) is secure


async def test_signing_out_kills_the_session_not_only_the_cookie(room: Room) -> None:
    """A copy of the cookie made before signing out opens nothing afterwards."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        copy = dict(browser.cookies)
        answer = await browser.post("/console/logout")
        assert answer.headers["clear-site-data"] == '"storage"'
        assert (await browser.get("/console/queue")).headers["location"] == "/console/login"
    async with room.browser() as thief:
        thief.cookies.update(copy)
        assert (await thief.get("/console/queue")).status_code == 303


async def test_session_of_another_browser_family_is_refused(room: Room) -> None:
    """A cookie carried into another kind of browser opens nothing."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        answer = await browser.get("/console/queue", headers={"user-agent": AGENT.replace("Chrome/", "Firefox/")})
        assert answer.status_code == 303


@pytest.mark.parametrize("name", VENDORED)
def test_vendored_script_is_the_published_one(name: str) -> None:
    """The two scripts we did not write are byte for byte those of the npm package htmx.org 4.0.1."""
    content = resources.files("console").joinpath("static", "vendor", name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == VENDORED[name]


def test_nothing_else_is_vendored() -> None:
    """Two scripts and their licence, nothing more."""
    folder = resources.files("console").joinpath("static", "vendor")
    assert {entry.name for entry in folder.iterdir()} == {*VENDORED, "LICENSE-htmx.txt"}


async def test_files_travel_packed_and_named_by_their_content(room: Room) -> None:
    """A page names each file with the beginning of its hash, so that a year in the cache is never too long."""
    async with room.browser() as browser:
        page = (await browser.get("/console/login")).text
        css = next(part.split('"')[0] for part in page.split('href="') if "console.css" in part)
        plain = await browser.get(css, headers={"accept-encoding": "identity"})
        packed = await browser.get(css)
    assert css.endswith(hashlib.sha256(plain.content).hexdigest()[:12])
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", plain.content)


async def test_templates_hold_nothing_inline() -> None:
    """No style attribute, no inline script, no evaluated attribute: the policy would block it, silently."""
    for template in Path(console.__file__).parent.joinpath("templates").rglob("*.html"):
        text = template.read_text("utf-8")
        for forbidden in ("style=", "<style", "hx-on", "js:", "onclick", "|safe", "javascript:", "http://", "https://"):
            assert forbidden not in text, f"{template.name} holds {forbidden}"
        assert all("src=" in part.split(">")[0] for part in text.split("<script")[1:])
