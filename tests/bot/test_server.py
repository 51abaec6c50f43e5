"""Timeouts of idle connections at the server."""

from __future__ import annotations

from bot import http, server


async def _nobody(*_: object) -> None:
    raise AssertionError("nobody asks")


def test_a_client_lets_go_of_a_connection_before_the_server_does() -> None:
    """Whoever closes first decides whose request is lost: nginx keeps 60 s by default, our own clients no longer."""
    kept = server.server(_nobody, "127.0.0.1", 0).config.timeout_keep_alive
    assert kept > 60
    assert kept > http.KEEP_ALIVE
