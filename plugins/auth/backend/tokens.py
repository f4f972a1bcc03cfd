"""Signs and verifies tokens: JWT (RFC 7519), HS256 and nothing else, two keys at once so that they can be changed."""

import hashlib
from datetime import UTC, datetime

import jwt
from jwt.types import Options

from plugins.auth.backend.settings import AuthSettings
from prickle.contract.errors import Unauthenticated
from prickle.contract.ports import Identity
from prickle.contract.types import SessionId, UserId

ALGORITHM = "HS256"
MAX_TOKEN_CHARACTERS = 2048
_CLAIMS = ["iss", "aud", "sub", "sid", "iat", "exp"]
# Expiry is judged by the plugin's clock, not by PyJWT's.
_OPTIONS: Options = {"require": _CLAIMS, "verify_exp": False, "verify_iat": False, "verify_nbf": False}


def key_id(key: bytes) -> str:
    """Return the `kid` of a key, which tells nothing about it."""
    return hashlib.sha256(b"kid:" + key).hexdigest()[:12]


class TokenSigner:
    """`keys[0]` signs; every one of `keys` verifies."""

    def __init__(self, keys: list[bytes], *, issuer: str, audience: str) -> None:
        self._signing_key = keys[0]
        self._keys = {key_id(key): key for key in keys}
        self._issuer = issuer
        self._audience = audience

    @classmethod
    def from_settings(cls, settings: AuthSettings, derived_key: bytes) -> "TokenSigner":
        given = [key.get_secret_value().encode() for key in (settings.signing_key, settings.previous_key) if key]
        keys = [derived_key, *given] if settings.signing_key is None else [*given, derived_key][:2]
        return cls(keys, issuer=settings.issuer, audience=settings.audience)

    def sign(self, identity: Identity, issued_at: datetime) -> str:
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": identity.user,
            "sid": identity.session,
            "iat": int(issued_at.timestamp()),
            "exp": int(identity.expires_at.timestamp()),
        }
        return jwt.encode(claims, self._signing_key, ALGORITHM, headers={"kid": key_id(self._signing_key)})

    def verify(self, token: str) -> Identity:
        """Return whom `token` speaks for; whether it has expired or was revoked is for the caller to ask.

        Raises:
            Unauthenticated: `auth.token_invalid`: not a token of this deployment.
        """
        if not token.isascii() or len(token) > MAX_TOKEN_CHARACTERS:
            raise _invalid()
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(token, key, [ALGORITHM], options=_OPTIONS, audience=self._audience, issuer=self._issuer)
        except (jwt.PyJWTError, KeyError, RecursionError) as error:
            raise _invalid() from error
        return Identity(
            user=UserId(claims["sub"]),
            session=SessionId(claims["sid"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )


def _invalid() -> Unauthenticated:
    return Unauthenticated("auth.token_invalid", "This token is not valid here.")
