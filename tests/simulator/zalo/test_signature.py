"""What the stand-in signs and derives equals the published and recomputed vectors."""

from __future__ import annotations

import pytest

from simulator.zalo.send_checks import appsecret_proof
from simulator.zalo.tokens import challenge_of
from simulator.zalo.webhook import signature

APP, OA, SECRET, WHEN = "360846524940903967", "388613280878808645", "S3cr3tOAKey_demo", "1763775600000"
BODY = (
    '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text",'
    '"message":{"text":"xin chào","msg_id":"96d3cdf3af150460909"},"timestamp":"1763775600000"}'
)


@pytest.mark.parametrize(
    ("first", "body", "when", "secret", "expected"),
    [
        pytest.param(
            *("X", "BODY", "1234567890", "Y"),
            "2f1ef5aabe67e8396a459ca89562e108ad541f82ba5022c85f645bd6b7220cb9",
            id="goclaw's constant",
        ),
        pytest.param(
            *(APP, BODY, WHEN, SECRET),
            "7575e4509489c503f0de753650a93fe0d08b927900fde83fb19bc0329c169d50",
            id="app id first",
        ),
        pytest.param(
            *(APP, BODY.replace("à", "\\u00e0"), WHEN, SECRET),
            "47a6116ef2af263506bbbaf2ce3d839549b4815aaa87b256e78e355286af9618",
            id="the same JSON in other bytes",
        ),
        pytest.param(
            *(OA, BODY, WHEN, SECRET),
            "5c2a43bf6cf5a79b7436176b1b2e2a0af186bf275bb4676fcebefb1c533c4b01",
            id="account id first",
        ),
    ],
)
def test_a_webhook_is_signed_over_its_raw_bytes(first, body, when, secret, expected):
    """The signature is SHA-256 over id, raw body, timestamp and secret; other bytes give another one."""
    assert signature(first, body.encode(), when, secret) == expected


def test_the_proof_of_the_secret_is_an_hmac_of_the_token():
    """appsecret_proof is HMAC-SHA256 of the access token under the app's secret."""
    expected = "0584869ec908cfecf20763760e69c4baca98ac64aaeb6a938f47ca758dfe779f"
    assert appsecret_proof("appSecretKey", "accessToken") == expected


def test_the_challenge_is_that_of_rfc_7636():
    """The PKCE challenge of RFC 7636 appendix B comes out."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
