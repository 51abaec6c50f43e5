"""The log fails closed: nothing secret-shaped leaves a real process, in whatever way it is put into a record."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bot.logs.redaction import redact
from tests.support.stage import ROOT

FULL_WIDTH = "".join(chr(0xFF10 + int(digit)) for digit in "0912345678")
ARABIC = "".join(chr(0x0660 + int(digit)) for digit in "0912345678")
PERSIAN = "".join(chr(0x06F0 + int(digit)) for digit in "0912345678")
KHMER = "".join(chr(0x17E0 + int(digit)) for digit in "0912345678")
MATHEMATICAL = "".join(chr(0x1D7CE + int(digit)) for digit in "0912345678")
SUPERSCRIPT = "⁰⁹¹²³⁴⁵⁶⁷⁸"
CIRCLED = "⓪⑨①②③④⑤⑥⑦⑧"

SECRETS = [
    "bot7000000001:AAGmzK9xYtQ2vL5hR8nB3cD6fJ1kP4sW7uE",
    "7000000001:AAGmzK9xYtQ2vL5hR8nB3cD6fJ1kP4sW7uE",
    "https://api.telegram.org/bot7000000001:AAGmzK9xYtQ2vL5hR8n/sendMessage",
    "access_token=kJ8sLq2Zx",
    "access_token: kJ8sLq2Zx",
    '"access_token": "kJ8sLq2Zx"',
    "{'refresh_token': 'wQ3rTy9Ui'}",
    "refresh_token=wQ3rTy9Ui&app_id=1",
    "secret_key: pLmN0bVc",
    "SECRET_KEY=pLmN0bVc",
    "Authorization: Bearer hG7fD5sA",
    "Bearer hG7fD5sA",
    "password=Sông Hồng mùa lũ",
    "passphrase: chim-hoang-yen",
    "mac=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "9f86d081884c7d659a2feaa0c55ad015",
    "0912345678",
    "+84 912 345 678",
    "(0912) 345-678",
    "0912.345.678",
    "0 9 1 2 3 4 5 6 7 8",
    "0912/345/678",
    "0912\u00a0345\u00a0678",
    "0912\u200b345\u200b678",
    "0912\u2011345\u2011678",
    "09\n12\n34\n56\n78",
    "1234567",
    FULL_WIDTH,
    ARABIC,
    PERSIAN,
    KHMER,
    MATHEMATICAL,
    SUPERSCRIPT,
    CIRCLED,
    "912345678901234567",
    "5552120000",
    "1a2b3c4d5e6f7a8b9c0d",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "cứu em với, chim hoàng yến",
    "em ơi số nhà mười hai ngõ chợ",
    "lan@example.org",
    "203.113.131.7",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "nhipcau_session=Zk3vQ9xL0pT7bN2mR5wY8cA1",
    "-----BEGIN PRIVATE KEY----- MC4CAQAwBQYDK2VuBCIEIDx",
    "\ud800 lone",
]
"""What must never be seen: tokens, keys, numbers in any script, ids, addresses, her words."""

SENTENCES = [
    "the pipeline starts again",
    "zalo account zalo: an administrator of the OA must give consent again: `nhipcau admin zalo-consent zalo`",
    "the token was refused",
    "port 8080 on 127 is taken: choose another with --port",
]


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_a_secret_is_not_in_what_is_left_of_it(secret: str) -> None:
    """Neither the secret nor half of it survives, alone or in a sentence."""
    for text in (secret, f"it said {secret} today", f"[{secret}]"):
        left = redact(text)
        assert secret not in left
        assert secret[len(secret) // 2 :] not in left


@pytest.mark.parametrize("sentence", SENTENCES)
def test_our_own_sentences_stay_readable(sentence: str) -> None:
    """Redaction takes nothing out of what operators need."""
    assert redact(sentence) == sentence


def needles(secret: str) -> set[str]:
    """A secret and its halves as they would stand in a line."""
    halves = {secret, secret[len(secret) // 2 :], secret[: len(secret) // 2]}
    return {piece for half in halves for piece in (half, json.dumps(half)[1:-1]) if len(piece) >= 5}


def test_no_secret_leaves_a_process_whatever_way_it_is_logged() -> None:
    """Messages, arguments, fields, names, errors, threads, warnings, the loop and the last error: none shows one."""
    server_process = subprocess.run(
        [sys.executable, str(ROOT / "tests/support/processes/journal.py")],
        input=json.dumps(SECRETS),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    lines = server_process.stderr.splitlines()
    assert server_process.returncode == 1
    assert server_process.stdout == ""
    assert len(lines) > 15 * len(SECRETS), "the process said too little to prove anything"
    records = [json.loads(line) for line in lines]
    assert records[-1]["say"] == "stopped by an error"
    assert "InvalidToken at " in records[-1]["error"]
    found = [
        (secret, line)
        for secret in SECRETS
        for line in lines
        if any(needle in line or needle in json.loads(line).get("say", "") for needle in needles(secret))
    ]
    assert found == []
