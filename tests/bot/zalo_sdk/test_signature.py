"""Zalo's signature: published vectors, tolerated forms, and thousands of forgeries."""

from __future__ import annotations

import json
import random

import pytest

from bot.zalo_sdk.oauth import challenge, verifier
from bot.zalo_sdk.signature import NotJson, authentic, mac, signed_part
from bot.zalo_sdk.transport import proof

APP, OA, SECRET = "360846524940903967", "388613280878808645", "S3cr3tOAKey_demo"
BODY = (
    '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text",'
    '"message":{"text":"xin chào","msg_id":"96d3cdf3af150460909"},"timestamp":"1763775600000"}'
).encode()
DIGEST = "7575e4509489c503f0de753650a93fe0d08b927900fde83fb19bc0329c169d50"


@pytest.mark.parametrize(
    ("computed", "published"),
    [
        (mac("X", b"BODY", "1234567890", "Y"), "2f1ef5aabe67e8396a459ca89562e108ad541f82ba5022c85f645bd6b7220cb9"),
        (mac(APP, BODY, "1763775600000", SECRET), DIGEST),
        (
            mac(APP, BODY.replace("à".encode(), rb"\u00e0"), "1763775600000", SECRET),
            "47a6116ef2af263506bbbaf2ce3d839549b4815aaa87b256e78e355286af9618",
        ),
        (
            mac(OA, BODY, "1763775600000", SECRET),
            "5c2a43bf6cf5a79b7436176b1b2e2a0af186bf275bb4676fcebefb1c533c4b01",
        ),
        (
            proof(b"appSecretKey", "accessToken"),
            "0584869ec908cfecf20763760e69c4baca98ac64aaeb6a938f47ca758dfe779f",
        ),
        (
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
    ],
    ids=["short", "event", "escaped letter", "account first", "appsecret_proof", "PKCE"],
)
def test_published_vectors(computed: str, published: str) -> None:
    """The values of the reference, among them the one of RFC 7636."""
    assert computed == published


def test_a_verifier_is_43_characters_and_never_the_same() -> None:
    """32 random bytes, base64url without padding."""
    made = {verifier() for _ in range(50)}
    assert len(made) == 50
    assert {len(v) for v in made} == {43}


FORMS = ["mac={}", "mac = {}", " mac={} ", "{}"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("upper", [False, True])
def test_header_forms_seen_in_the_field_pass(form: str, upper: bool) -> None:
    """With and without `mac=`, spaces, capital letters; any secret of the list."""
    header = form.format(DIGEST.upper() if upper else DIGEST)
    assert authentic(BODY, header, APP, ["new", SECRET])


@pytest.mark.parametrize("stamp", ['"1763775600000"', "1763775600000", "1.7637756e12", "null"])
def test_the_timestamp_counts_as_its_literal_text(stamp: str) -> None:
    """Text, number, number of another form; null counts as nothing."""
    raw = BODY.replace(b'"1763775600000"', stamp.encode())
    literal = "" if stamp == "null" else stamp.strip('"')
    assert signed_part(raw) == (APP, literal)
    assert authentic(raw, mac(APP, raw, literal, SECRET), APP, [SECRET])


@pytest.mark.parametrize("body", [BODY[:-1] + b',"x":NaN}', BODY[:-1] + rb',"x":"\ud800"}', b"\xef\xbb\xbf" + BODY])
def test_bodies_that_only_a_loose_reader_reads_can_be_authentic(body: bytes) -> None:
    """NaN, half a character, a byte order mark: she wrote it, Zalo signed it."""
    assert authentic(body, mac(APP, body, "1763775600000", SECRET), APP, [SECRET])


def test_the_account_id_as_first_term_needs_its_switch() -> None:
    """Off by default; on, both forms pass."""
    header = mac(OA, BODY, "1763775600000", SECRET)
    assert not authentic(BODY, header, APP, [SECRET], oa_id=OA)
    assert authentic(BODY, header, APP, [SECRET], oa_id=OA, oa_first=True)
    assert authentic(BODY, DIGEST, APP, [SECRET], oa_id=OA, oa_first=True)


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_authentic(secrets: list[str]) -> None:
    """Not even what is signed with the empty one."""
    assert not authentic(BODY, mac(APP, BODY, "1763775600000", ""), APP, secrets)


def test_signed_by_the_secret_for_another_app_is_refused() -> None:
    """A body that names another application is not for us, whoever signed it."""
    raw = BODY.replace(APP.encode(), b"111111111111111111")
    assert not authentic(raw, mac("111111111111111111", raw, "1763775600000", SECRET), APP, [SECRET])


def forged(rng: random.Random) -> tuple[bytes, str]:
    """A body and a header that differ from a good pair in one way."""
    raw, header = bytearray(BODY), "mac=" + DIGEST
    act = rng.randrange(6)
    if act == 0:
        at = rng.randrange(len(raw))
        raw[at] ^= 1 << rng.randrange(8)
    elif act == 1:
        at = rng.randrange(4, len(header))
        other = rng.choice([c for c in "0123456789abcdef" if c != header[at]])
        header = header[:at] + other + header[at + 1 :]
    elif act == 2:
        raw = bytearray(json.dumps(json.loads(BODY), ensure_ascii=rng.random() < 0.5, indent=1).encode())
    elif act == 3:
        header = rng.choice(["", "mac=", "mac=" + DIGEST[:-1], DIGEST * 2, "mac=mac=" + DIGEST, "sha256=" + DIGEST])
    elif act == 4:
        raw = raw[: rng.randrange(len(raw))]
    else:
        raw[rng.randrange(len(raw)) :] += bytes([rng.randrange(256)])
        raw += b" "
    return bytes(raw), header


def test_no_forgery_passes() -> None:
    """5,000 of them: flipped bits, other digests, the same JSON written differently, cut, lengthened."""
    rng = random.Random(20261122)
    passed = []
    for _ in range(5000):
        raw, header = forged(rng)
        try:
            if authentic(raw, header, APP, ["new", SECRET]):
                passed.append((raw, header))
        except NotJson:
            continue
    assert passed == []
