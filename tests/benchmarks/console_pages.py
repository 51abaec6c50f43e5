"""`console`: what a counsellor waits for with fifty cases open, one of them with a talk of two hundred lines.

The demo is started in an empty folder, fifty phones cry and one of them writes on. A page counts from the request to
its last byte, on one connection that is kept, as a browser keeps it; the first round is not counted.
"""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import httpx
from figures import machine, milliseconds
from processes import Trouble, end, free_port, spawn, wait_for
from start import call, until_ready
from subjects import OUR_PYTHON

CASES, LINES = 50, 200
LOGIN = "hoaban"
PATIENCE = 120.0


def measure(options: Namespace) -> dict[str, Any]:
    """Ask for each page of the desk `options.runs` × 10 times."""
    before = machine()
    with tempfile.TemporaryDirectory(prefix="nhipcau-bench-", ignore_cleanup_errors=True) as name:
        port = free_port()
        command = [str(OUR_PYTHON), "-m", "bot", "demo", "--port", str(port), "--folder", str(Path(name) / "demo")]
        demo = spawn(command, None, death=signal.SIGTERM, stdout=subprocess.PIPE)
        try:
            said = until_ready(demo)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as browser:
                found = _pages(browser, port, said, options.runs * 10)
        finally:
            end(demo)
    return {"bench": "console", "cases": CASES, "lines": LINES, "machine": before, "pages": found}


def _pages(browser: httpx.Client, port: int, said: str, times: int) -> dict[str, dict[str, float]]:
    passphrase = re.findall(rf"^  {LOGIN} +(.+?)  ", said, re.M)[0]
    browser.headers.update({"sec-fetch-site": "same-origin", "user-agent": "bench"})
    browser.post("/console/login", data={"login": LOGIN, "passphrase": passphrase})
    case = _cry(browser, port)
    pane = {"x-pane": "1"}
    asked: dict[str, tuple[str, dict[str, str]]] = {
        "queue": ("/console/queue", {}),
        "case of one line": (f"/console/cases/{case}", {}),
        "case of one line, in place": (f"/console/cases/{case}", pane),
    }
    found = {what: _times(browser, *page, times) for what, page in asked.items()}
    browser.post(f"/console/cases/{case}/take")
    _write_on(browser, port, case)
    asked = {
        f"case of {LINES} lines": (f"/console/cases/{case}", {}),
        f"case of {LINES} lines, in place": (f"/console/cases/{case}", pane),
        "shift": ("/console/deadlines", {}),
        "search": ("/console/search?q=hoa", {}),
    }
    return found | {what: _times(browser, *page, times) for what, page in asked.items()}


def _cry(browser: httpx.Client, port: int) -> str:
    """Let one phone cry, then all others; returns the case of the first once all are on the desk."""
    call(port, "say", {"text": "cứu em với"}, phone=_phone(0))
    wait_for(lambda: _cases(browser), PATIENCE, "a case on the desk")
    [first] = _cases(browser)
    for number in range(1, CASES):
        call(port, "say", {"text": "cứu em với"}, phone=_phone(number))
    wait_for(lambda: len(_cases(browser)) >= CASES, PATIENCE, f"{CASES} cases on the desk")
    return first


def _phone(number: int) -> str:
    return f"bench{number}"


def _cases(browser: httpx.Client) -> list[str]:
    return list(dict.fromkeys(re.findall(r'id="case-([0-9a-f-]{36})"', browser.get("/console/queue").text)))


def _write_on(browser: httpx.Client, port: int, case: str) -> None:
    """Let whoever cried in this case write until its page has all lines."""
    for number in range(1, LINES):
        call(port, "say", {"text": f"Em ở chỗ trọ gần chợ, ngày thứ {number} em không được ra ngoài"}, phone=_phone(0))
    page = f"/console/cases/{case}"
    wait_for(lambda: browser.get(page).text.count('class="line in') >= LINES, PATIENCE, f"{LINES} lines in the case")


def _times(browser: httpx.Client, path: str, headers: dict[str, str], times: int) -> dict[str, float]:
    """Milliseconds to the last byte, p50 and p99, and the size of the page."""
    took = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        answer = browser.get(path, headers=headers)
        took.append(time.perf_counter() - begun)
        if answer.status_code != httpx.codes.OK:
            raise Trouble(f"{path}: HTTP {answer.status_code}")
    return {**milliseconds(took[1:]), "bytes_unpacked": len(answer.content)}
