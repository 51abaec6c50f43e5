"""Proof of the recipe of a channel: a cry for help comes in by SMS, and the numbers go out by SMS."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from bot.cli.bootstrap import build_application
from bot.cli.serve import serving
from bot.config.settings import read_settings
from bot.server import listening, server
from scheduler.clock import MovableClock
from store.db.engine import Store
from tests.recipes.tree import LENT
from tests.support.content import reviewed
from tests.support.stage import client, free_port, until

SECRET = "a-secret-of-the-gateway"
SENDER = "+84900000001"


class Gateway:
    """The stand-in of a gateway: it keeps what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one message, and name it."""
        message = await receive()
        assert dict(scope["headers"])[b"authorization"] == b"Bearer token"
        self.sent.append(json.loads(message["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"id": "%d"}' % len(self.sent)})


async def test_a_cry_by_sms_is_answered_by_sms(lent_store: Store) -> None:
    """What comes without the secret is refused; what comes with it is answered with the numbers, to its sender."""
    gateway, at, port = Gateway(), free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    account = {
        "channel": "sms",
        "name": "sms",
        "token": "token",
        "secret": SECRET,
        "base_url": f"http://127.0.0.1:{at}",
    }
    data, keyring, keys = os.environ[LENT].split()
    settings = read_settings(
        data_dir=Path(keys).parent / "data",
        keys_dir=keys,
        database_url=data,
        keyring_url=keyring,
        port=port,
        public_url=base,
        accounts=[account],
    )
    application = await build_application(settings, MovableClock(), conversation=reviewed())
    event = {"id": "1", "sender": SENDER, "text": "cuu em voi"}
    answers = []
    async with listening(server(gateway, "127.0.0.1", at)), client() as http, serving(application, {}):
        for headers in ({}, {"x-gateway-secret": SECRET}):
            async with http.post(f"{base}/hooks/sms", json=event, headers=headers) as answer:
                answers.append(answer.status)
        await until(lambda: gateway.sent)
    assert answers == [401, 200]
    assert gateway.sent[0]["to"] == SENDER
    assert "113" in gateway.sent[0]["text"]
