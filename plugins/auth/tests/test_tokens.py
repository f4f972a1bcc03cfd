"""Only tokens that this deployment signed, with HS256 and one of its two keys, are accepted."""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from plugins.auth.backend.settings import AuthSettings
from plugins.auth.backend.tokens import TokenSigner, key_id
from prickle.contract.errors import Unauthenticated
from prickle.contract.ports import Identity
from prickle.contract.types import SessionId, UserId

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
KEY = b"k" * 32
ANA = Identity(UserId("guest_ana"), SessionId("session_1"), NOW + timedelta(hours=1))
CLAIMS = {"iss": "prickle", "aud": "prickle", "sub": "guest_ana", "sid": "session_1", "iat": 1, "exp": 2**31}


def signer(*keys: bytes) -> TokenSigner:
    return TokenSigner(list(keys or [KEY]), issuer="prickle", audience="prickle")


def token(claims: Mapping[str, Any] = CLAIMS, key: Any = KEY, algorithm: str = "HS256", **headers: Any) -> str:
    return jwt.encode(dict(claims), key, algorithm, headers={"kid": key_id(KEY), **headers})


def test_what_was_signed_is_verified() -> None:
    assert signer().verify(signer().sign(ANA, NOW)) == ANA


def test_a_token_of_the_previous_key_is_still_accepted() -> None:
    old = signer(b"o" * 32)
    assert signer(KEY, b"o" * 32).verify(old.sign(ANA, NOW)) == ANA


def test_a_key_that_is_neither_of_the_two_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="not valid"):
        signer(KEY, b"o" * 32).verify(signer(b"x" * 32).sign(ANA, NOW))


def test_an_unsigned_token_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        signer().verify(token(key=None, algorithm="none"))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_another_algorithm_with_the_right_key_is_refused(algorithm: str) -> None:
    with pytest.raises(Unauthenticated):
        signer().verify(token(algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "hs256", "None"])
def test_a_right_signature_under_another_algorithms_name_is_refused(algorithm: str) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": key_id(KEY)}).encode()).rstrip(b"=")
    signed = b".".join([header, token().split(".")[1].encode()])
    signature = base64.urlsafe_b64encode(hmac.digest(KEY, signed, "sha256")).rstrip(b"=")
    with pytest.raises(Unauthenticated):
        signer().verify(b".".join([signed, signature]).decode())


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_missing_claim_is_refused(claim: str) -> None:
    with pytest.raises(Unauthenticated):
        signer().verify(token({name: value for name, value in CLAIMS.items() if name != claim}))


@pytest.mark.parametrize("wrong", [{"iss": "other"}, {"aud": "other"}, {"aud": ["other"]}, {"sub": 7}])
def test_a_wrong_claim_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        signer().verify(token({**CLAIMS, **wrong}))


@pytest.mark.parametrize("kid", ["", "unknown", "../../key"])
def test_an_unknown_key_id_is_refused(kid: str) -> None:
    with pytest.raises(Unauthenticated):
        signer().verify(token(kid=kid))


NESTED = "W1tb" * 500  # [[[[... in base64


@pytest.mark.parametrize(
    "text", ["", ".", "a.b.c", "..", "é", "\ud800", "x" * 5000, f"{NESTED}.{NESTED}.x", "null.null."]
)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        signer().verify(text)


def test_a_changed_payload_is_refused() -> None:
    header, _, signature = token().split(".")
    _, payload, _ = token({**CLAIMS, "sub": "guest_bob"}).split(".")
    with pytest.raises(Unauthenticated):
        signer().verify(f"{header}.{payload}.{signature}")


def test_the_first_signing_key_of_a_deployment_signs_nobody_out() -> None:
    before = TokenSigner.from_settings(AuthSettings(), KEY)
    after = TokenSigner.from_settings(AuthSettings(signing_key="n" * 32), KEY)
    assert after.verify(before.sign(ANA, NOW)) == ANA
    assert before.sign(ANA, NOW) != after.sign(ANA, NOW)


def test_with_two_given_keys_the_derived_one_ends() -> None:
    before = TokenSigner.from_settings(AuthSettings(), KEY)
    after = TokenSigner.from_settings(AuthSettings(signing_key="n" * 32, previous_key="p" * 32), KEY)
    with pytest.raises(Unauthenticated):
        after.verify(before.sign(ANA, NOW))
