"""A script of a newer pg_restore is read by an older server: what that does not know is left out of the preamble."""

from __future__ import annotations

import pytest

from store.backup.load_dump import without_newer_settings

SCRIPT = b"""--
-- PostgreSQL database dump
--

\\restrict abc

SET statement_timeout = 0;
SET transaction_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE t (x text);
COPY t (x) FROM stdin;
SET transaction_timeout = 0;
--
\\.
SET transaction_timeout = 0;
"""
LEFT_OUT = SCRIPT.replace(b"SET transaction_timeout = 0;\n", b"", 1)


@pytest.mark.parametrize(("server", "expected"), [(15, LEFT_OUT), (16, LEFT_OUT), (17, SCRIPT), (18, SCRIPT)])
@pytest.mark.parametrize("size", [1, 2, 7, 64, 10_000])
def test_only_the_preamble_of_an_older_server_changes(server: int, expected: bytes, size: int) -> None:
    """However the bytes are cut into blocks: rows that look like a setting stay as they are."""
    blocks = [SCRIPT[at : at + size] for at in range(0, len(SCRIPT), size)]
    assert b"".join(without_newer_settings(blocks, server)) == expected


@pytest.mark.parametrize("script", [b"", b"--", b"SET a = 1;", b"-- only words\n\n"])
def test_a_script_that_makes_nothing_passes_whole(script: bytes) -> None:
    """An empty one, one without a last line break."""
    assert b"".join(without_newer_settings([script] if script else [], 15)) == script
