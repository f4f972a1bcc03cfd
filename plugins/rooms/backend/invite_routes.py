"""The routes of invites."""

from collections.abc import Sequence

from plugins.rooms.backend.invites import Invites
from plugins.rooms.backend.payloads import InviteCreate, InvitedRoom, InvitePreview, InviteView, RoomView
from plugins.rooms.backend.settings import RoomSettings
from plugins.rooms.backend.views import RoomViews
from prickle.contract.gateway import Rate
from prickle.contract.http import Request, Route
from prickle.contract.types import RoomId

LOOK_RATE = Rate(per_s=1, burst=30)


class InviteRoutes:
    """HTTP in, service call, JSON out."""

    def __init__(self, invites: Invites, views: RoomViews, settings: RoomSettings) -> None:
        self._invites = invites
        self._views = views
        self._rate = Rate(per_s=settings.creates_per_s, burst=settings.create_burst)

    def all(self) -> Sequence[Route]:
        return (
            Route(
                "POST", "/api/rooms/<room>/invites", self.create, body=InviteCreate, result=InviteView, status=201,
                member_of="room", rate=self._rate, summary="Make a link into the room that expires.",
            ),
            Route(
                "GET", "/api/invites/<token>", self.look, result=InvitePreview, auth="none", rate=LOOK_RATE,
                summary="What an invite opens; looking changes nothing.",
            ),
            Route(
                "POST", "/api/invites/<token>/accept", self.accept, result=RoomView, rate=LOOK_RATE,
                summary="Become a member of the invite's room.",
            ),
        )  # fmt: skip

    async def create(self, request: Request) -> InviteView:
        room = RoomId(request.path["room"])
        token, expires_at = await self._invites.create(room, request.identity.user, request.body.expires_in_s)
        return InviteView(token=token, url=f"{request.origin}/invite#{token}", expires_at=expires_at)

    async def look(self, request: Request) -> InvitePreview:
        invite = await self._invites.look(request.path["token"])
        return InvitePreview(
            room=InvitedRoom(name=invite.room.name, icon=invite.room.icon), expires_at=invite.expires_at
        )

    async def accept(self, request: Request) -> RoomView:
        user = request.identity.user
        return await self._views.one(await self._invites.accept(request.path["token"], user), user)
