"""The route of unread counts."""

from collections.abc import Sequence

from plugins.unread.backend.news import room_unread
from plugins.unread.backend.payloads import UnreadUpdated
from plugins.unread.backend.service import UnreadService
from prickle.contract.http import Request, Route


class UnreadRoutes:
    """HTTP in, service call, JSON out."""

    def __init__(self, service: UnreadService) -> None:
        self._service = service

    def all(self) -> Sequence[Route]:
        return (
            Route(
                "GET", "/api/unread", self.snapshot, result=UnreadUpdated,
                summary="What is unread in each of my rooms, for when a device connects.",
            ),
        )  # fmt: skip

    async def snapshot(self, request: Request) -> UnreadUpdated:
        counts = await self._service.snapshot(request.identity.user)
        return UnreadUpdated(rooms={room: room_unread(unread) for room, unread in counts.items()})
