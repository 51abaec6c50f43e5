"""Settings of the ways out: one sentence for each problem, and never a secret in it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.config.settings import SettingsWrong, read_settings

MAIL = {"host": "mail.example.org", "sender": "truc@example.org"}
HOOK = {"url": "https://gateway.example.org/call", "secret": "s" * 32}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"mail": MAIL | {"security": "none"}}, "another machine: set security"),
        ({"mail": MAIL | {"password": "hush-hush"}}, "come as a pair"),
        ({"mail": MAIL | {"sender": "nobody"}}, "mail.sender"),
        ({"mail": MAIL | {"port": 70_000}}, "mail.port"),
        ({"hook": HOOK | {"url": "http://gateway.example.org/"}}, "use https"),
        ({"hook": HOOK | {"url": "https://me:hush-hush@gateway.example.org/"}}, "take the login"),
        ({"hook": HOOK | {"url": "ftp://gateway.example.org/"}}, "not a web address"),
        ({"hook": HOOK | {"secret": "hush-hush"}}, "hook.secret"),
    ],
)
def test_a_wrong_transport_is_refused_in_one_sentence(given: dict[str, Any], sentence: str) -> None:
    """The start says what is wrong and never repeats a secret."""
    with pytest.raises(SettingsWrong) as wrong:
        read_settings(**given)
    assert len(wrong.value.sentences) == 1
    assert sentence in wrong.value.sentences[0]
    assert "hush-hush" not in wrong.value.sentences[0]


def test_the_transports_are_off_until_they_are_set() -> None:
    """Nobody is called by mail or gateway unasked; on this machine plain text is allowed."""
    assert (read_settings().mail, read_settings().hook) == (None, None)
    here = read_settings(
        hook=HOOK | {"url": "http://127.0.0.1:9/call"}, mail=MAIL | {"host": "localhost", "security": "none"}
    )
    assert here.hook is not None
    assert "s" * 32 not in repr(here)
