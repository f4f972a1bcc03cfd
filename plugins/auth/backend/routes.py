"""The routes of guest identity."""

from collections.abc import Sequence

from plugins.auth.backend.guests import Guests
from plugins.auth.backend.links import DeviceLinks
from plugins.auth.backend.models import Guest
from plugins.auth.backend.payloads import Grant, GuestCreate, GuestUpdate, LinkRedeem, LinkView, UsersQuery, UserView
from plugins.auth.backend.sessions import IssuedToken, Sessions
from plugins.auth.backend.settings import AuthSettings
from prickle.contract.gateway import Rate
from prickle.contract.http import Request, Route

LINK_RATE = Rate(per_s=0.2, burst=10)


class AuthRoutes:
    """HTTP in, service call, JSON out."""

    def __init__(self, guests: Guests, sessions: Sessions, links: DeviceLinks, settings: AuthSettings) -> None:
        self._guests = guests
        self._sessions = sessions
        self._links = links
        self._guest_rate = Rate(per_s=settings.guests_per_s, burst=settings.guest_burst)

    def all(self) -> Sequence[Route]:
        return (
            Route(
                "POST", "/api/auth/guest", self.create_guest, body=GuestCreate, result=Grant, status=201, auth="none",
                rate=self._guest_rate, summary="Become a guest, with a name or a made-up one.",
            ),
            Route("POST", "/api/auth/renew", self.renew, result=Grant, summary="Get a token that holds longer."),
            Route("POST", "/api/auth/logout", self.log_out, status=204, summary="End this session on every replica."),
            Route(
                "POST", "/api/auth/link", self.offer_link, result=LinkView, status=201, rate=LINK_RATE,
                summary="Make a one-time link that signs another device in as the same guest.",
            ),
            Route(
                "POST", "/api/auth/redeem", self.redeem_link, body=LinkRedeem, result=Grant, status=201, auth="none",
                rate=LINK_RATE, summary="Use a one-time link up; `conflict` if it has been used.",
            ),
            Route("GET", "/api/me", self.me, result=UserView, summary="The guest behind the token."),
            Route("PATCH", "/api/me", self.rename, body=GuestUpdate, result=UserView, summary="Take another name."),
            Route(
                "GET", "/api/users", self.users, query=UsersQuery, result=list[UserView],
                summary="Resolve up to 100 guest ids; unknown ones are left out.",
            ),
        )  # fmt: skip

    async def create_guest(self, request: Request) -> Grant:
        guest = await self._guests.create(request.body.name)
        return _grant(guest, await self._sessions.open(guest.user))

    async def renew(self, request: Request) -> Grant:
        issued = await self._sessions.renew(request.identity)
        return _grant(await self._guests.see(request.identity.user), issued)

    async def log_out(self, request: Request) -> None:
        await self._sessions.end(request.identity.session)

    async def offer_link(self, request: Request) -> LinkView:
        link = await self._links.offer(request.identity.user)
        return LinkView(url=f"{request.origin}/link#{link.token}", token=link.token, expires_at=link.expires_at)

    async def redeem_link(self, request: Request) -> Grant:
        guest = await self._guests.see(await self._links.redeem(request.body.token))
        return _grant(guest, await self._sessions.open(guest.user))

    async def me(self, request: Request) -> UserView:
        return _view(await self._guests.get(request.identity.user))

    async def rename(self, request: Request) -> UserView:
        return _view(await self._guests.rename(request.identity.user, request.body.name))

    async def users(self, request: Request) -> list[UserView]:
        return [_view(guest) for guest in await self._guests.resolve(request.query.listed())]


def _view(guest: Guest) -> UserView:
    return UserView(id=guest.id, name=guest.name)


def _grant(guest: Guest, issued: IssuedToken) -> Grant:
    return Grant(token=issued.token, expires_at=issued.identity.expires_at, user=_view(guest))
