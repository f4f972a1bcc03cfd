"""The routes of rooms."""

from collections.abc import Sequence

from plugins.rooms.backend.listing import RoomListing
from plugins.rooms.backend.payloads import (
    MemberView,
    OpenRoomView,
    PageQuery,
    RoomCreate,
    RoomsQuery,
    RoomUpdate,
    RoomView,
)
from plugins.rooms.backend.service import RoomService
from plugins.rooms.backend.settings import RoomSettings
from plugins.rooms.backend.store import MemberStore
from plugins.rooms.backend.views import RoomViews
from prickle.contract.gateway import Rate
from prickle.contract.http import Reply, Request, Route
from prickle.contract.types import RoomId, UserId


class RoomRoutes:
    """HTTP in, service call, JSON out."""

    def __init__(
        self,
        service: RoomService,
        listing: RoomListing,
        members: MemberStore,
        views: RoomViews,
        settings: RoomSettings,
    ) -> None:
        self._service = service
        self._listing = listing
        self._members = members
        self._views = views
        self._welcome_rooms = settings.welcome_rooms
        self._rate = Rate(per_s=settings.creates_per_s, burst=settings.create_burst)

    def all(self) -> Sequence[Route]:
        return (
            Route(
                "GET", "/api/rooms", self.list, query=RoomsQuery, result=list[RoomView],
                summary="My rooms, or all public ones, the youngest first; `X-Next-Cursor` goes on.",
            ),
            Route(
                "POST", "/api/rooms", self.create, body=RoomCreate, result=RoomView, status=201, rate=self._rate,
                summary="Make a room, or open the one with another guest (`direct`).",
            ),
            Route(
                "GET", "/api/rooms/open", self.open, result=list[OpenRoomView], auth="none",
                summary="A few public rooms, the youngest first, for those who have not given a name yet.",
            ),
            Route("GET", "/api/rooms/<room>", self.show, result=RoomView, summary="A room: a public one, or one's own."),
            Route(
                "PATCH", "/api/rooms/<room>", self.update, body=RoomUpdate, result=RoomView,
                summary="Change name, icon or visibility, as the room's maker.",
            ),
            Route(
                "DELETE", "/api/rooms/<room>", self.delete, status=204,
                summary="Delete the room and its messages, as its maker.",
            ),
            Route(
                "GET", "/api/rooms/<room>/members", self.members, query=PageQuery, result=list[MemberView],
                member_of="room", summary="Members in the order of their ids; `X-Next-Cursor` goes on.",
            ),
            Route(
                "DELETE", "/api/rooms/<room>/members/<user>", self.remove_member, status=204, member_of="room",
                summary="Leave, or remove a member as the room's maker.",
            ),
        )  # fmt: skip

    async def list(self, request: Request) -> Reply:
        user, query = request.identity.user, request.query
        if query.scope == "mine":
            page = await self._listing.mine(user, query.q, cursor=query.cursor, limit=query.limit)
        else:
            page = await self._listing.public(query.q, cursor=query.cursor, limit=query.limit)
        return _paged(await self._views.several(page.rooms, user), page.cursor)

    async def open(self, _request: Request) -> Sequence[OpenRoomView]:
        if not self._welcome_rooms:
            return []
        page = await self._listing.public("", cursor=None, limit=self._welcome_rooms)
        return await self._views.open(page.rooms)

    async def create(self, request: Request) -> RoomView:
        user, body = request.identity.user, request.body
        if body.direct is not None:
            room = await self._service.direct(user, UserId(body.direct))
        else:
            room = await self._service.create(user, name=body.name, visibility=body.visibility, icon=body.icon)
        return await self._views.one(room, user)

    async def show(self, request: Request) -> RoomView:
        user = request.identity.user
        return await self._views.one(await self._service.visible(RoomId(request.path["room"]), user), user)

    async def update(self, request: Request) -> RoomView:
        user = request.identity.user
        room = await self._service.update(RoomId(request.path["room"]), user, request.body.changes())
        return await self._views.one(room, user)

    async def delete(self, request: Request) -> None:
        await self._service.delete(RoomId(request.path["room"]), request.identity.user)

    async def members(self, request: Request) -> Reply:
        limit = request.query.limit
        members = await self._members.page(RoomId(request.path["room"]), request.query.cursor, limit + 1)
        views = [MemberView(user=member.user, joined_at=member.joined_at) for member in members[:limit]]
        return _paged(views, views[-1].user if len(members) > limit else None)

    async def remove_member(self, request: Request) -> None:
        room, member = RoomId(request.path["room"]), UserId(request.path["user"])
        await self._service.remove_member(room, member, request.identity.user)


def _paged(body: Sequence[RoomView] | Sequence[MemberView], cursor: str | None) -> Reply:
    return Reply(body=body, headers={"X-Next-Cursor": cursor} if cursor else {})
