"""Sessions: one sign-in on one device each, and the tokens that speak for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from plugins.auth.backend.models import Session
from plugins.auth.backend.settings import AuthSettings
from plugins.auth.backend.store import AuthStore
from plugins.auth.backend.tokens import TokenSigner
from plugins.auth.events import SessionEnded
from prickle.contract.errors import Unauthenticated
from prickle.contract.events import EventBus
from prickle.contract.gateway import Gateway
from prickle.contract.ports import Clock, Identity
from prickle.contract.types import SessionId, UserId

REMEMBERED_TOKENS = 20_000


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A fresh token and what it says."""

    token: str
    identity: Identity


class Sessions:
    """Issues, checks, renews and ends; the core's `Authenticator`."""

    def __init__(
        self,
        store: AuthStore,
        signer: TokenSigner,
        settings: AuthSettings,
        clock: Clock,
        gateway: Gateway,
        events: EventBus,
        new_id: Callable[[str], str],
    ) -> None:
        self._store = store
        self._signer = signer
        self._verify = lru_cache(REMEMBERED_TOKENS)(signer.verify)
        self._settings = settings
        self._clock = clock
        self._gateway = gateway
        self._events = events
        self._new_id = new_id
        self._live_until: dict[SessionId, float] = {}
        self._ends = 0

    def attach(self) -> None:
        """Hear of sessions that end on other replicas."""
        self._events.subscribe(SessionEnded, self._heard_end)

    async def open(self, user: UserId) -> IssuedToken:
        """Start a session of `user` on a new device."""
        issued = self._issue(user, SessionId(self._new_id("session")))
        identity = issued.identity
        await self._store.add_session(
            Session(id=identity.session, user=user, created_at=self._clock.now(), expires_at=identity.expires_at)
        )
        return issued

    async def authenticate(self, token: str) -> Identity:
        """Return the identity behind `token`; see `prickle.contract.ports.Authenticator`.

        Raises:
            Unauthenticated: `auth.token_invalid`, `auth.token_expired` or `auth.session_ended`.
        """
        identity = self._verify(token)
        if identity.expires_at <= self._clock.now():
            raise Unauthenticated("auth.token_expired", "This token has expired.")
        await self._require_live(identity.session)
        return identity

    async def renew(self, identity: Identity) -> IssuedToken:
        """Return a token that holds longer, for the same guest and session.

        Raises:
            Unauthenticated: `auth.session_ended`.
        """
        issued = self._issue(identity.user, identity.session)
        if await self._store.prolong_session(identity.session, issued.identity.expires_at) is None:
            raise self._ended(identity.session)
        return issued

    async def end(self, session: SessionId) -> None:
        """Log one device out: its tokens are refused and its sockets end, on every replica.

        A replica that the bus does not reach hears of it when it next asks the store, within the cache's seconds.
        """
        await self._store.delete_session(session)
        self._forget(session)
        self._gateway.disconnect(session=session, reason="auth.logged_out")
        await self._events.publish_everywhere(SessionEnded(session=session))

    def _issue(self, user: UserId, session: SessionId) -> IssuedToken:
        # A JWT counts whole seconds; the answer must not promise more than the token says.
        now = self._clock.now().replace(microsecond=0)
        identity = Identity(user=user, session=session, expires_at=now + timedelta(seconds=self._settings.token_ttl_s))
        return IssuedToken(self._signer.sign(identity, now), identity)

    async def _require_live(self, session: SessionId) -> None:
        now, ends = self._clock.monotonic(), self._ends
        if self._live_until.get(session, 0.0) > now:
            return
        if await self._store.session(session) is None:
            raise self._ended(session)
        if self._ends != ends:
            return  # Perhaps it was this one that ended after it was read.
        if len(self._live_until) >= REMEMBERED_TOKENS:
            self._live_until.clear()  # Forgetting costs one query per session, keeping order costs every request.
        self._live_until[session] = now + self._settings.session_cache_s

    def _ended(self, session: SessionId) -> Unauthenticated:
        self._forget(session)
        return Unauthenticated("auth.session_ended", "This sign-in has ended.")

    async def _heard_end(self, event: SessionEnded) -> None:
        self._forget(event.session)

    def _forget(self, session: SessionId) -> None:
        self._ends += 1
        self._live_until.pop(session, None)
