"""The vault opens with its passphrase or its session, and with nothing else."""

from __future__ import annotations

import os

import pytest

from store.crypto import hpke
from store.errors import Sealed
from store.staff import vault

WORDS = "cầu tre lắc lẻo gập ghềnh"


@pytest.fixture(scope="module")
def pair() -> tuple[bytes, bytes]:
    """A public key and its locked private half."""
    return vault.create(WORDS)


def test_passphrase_opens_the_key_that_belongs_to_the_public_half(pair: tuple[bytes, bytes]) -> None:
    """What is sealed to the public key opens with the unlocked private key."""
    public, blob = pair
    sealed = hpke.seal(public, b"line", b"here")
    assert hpke.open_sealed(vault.unlock(blob, WORDS), sealed, b"here") == b"line"


def test_the_same_words_from_another_keyboard_open_it(pair: tuple[bytes, bytes]) -> None:
    """Letters typed as base and combining marks (NFD) are the same passphrase."""
    import unicodedata

    assert vault.unlock(pair[1], unicodedata.normalize("NFD", WORDS))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda b: b[:-1] + bytes([b[-1] ^ 1]), id="last bit flipped"),
        pytest.param(lambda b: b[:1] + bytes(16) + b[17:], id="salt replaced"),
        pytest.param(lambda b: b"\x02" + b[1:], id="unknown version"),
        pytest.param(lambda b: b[:30], id="truncated"),
        pytest.param(lambda b: b"", id="empty"),
    ],
)
def test_changed_blob_stays_shut(pair: tuple[bytes, bytes], change) -> None:  # type: ignore[no-untyped-def]
    """One changed byte and the vault refuses with Sealed, never with a part of the key."""
    with pytest.raises(Sealed):
        vault.unlock(change(pair[1]), WORDS)


def test_wrong_passphrase_and_decoy_are_refused_alike(pair: tuple[bytes, bytes]) -> None:
    """A decoy has the shape of a vault and opens for nobody."""
    decoy = vault.decoy()
    assert len(decoy) == len(pair[1])
    for blob in (pair[1], decoy):
        with pytest.raises(Sealed):
            vault.unlock(blob, "another passphrase")


def test_new_passphrase_keeps_the_key(pair: tuple[bytes, bytes]) -> None:
    """Locking again under new words leaves the key, and so every case sealed to it, as it was."""
    private = vault.unlock(pair[1], WORDS)
    again = vault.lock(private, "bốn năm từ dễ nhớ thôi")
    assert vault.unlock(again, "bốn năm từ dễ nhớ thôi") == private
    with pytest.raises(Sealed):
        vault.unlock(again, WORDS)


def test_session_copy_opens_only_with_its_own_cookie() -> None:
    """The copy a session keeps is useless without the token in that browser's cookie."""
    private, _ = hpke.generate()
    token = os.urandom(32)
    kept = vault.lock_for_session(private, token)
    assert private not in kept
    assert vault.unlock_for_session(kept, token) == private
    with pytest.raises(Sealed):
        vault.unlock_for_session(kept, os.urandom(32))
