"""The routes of messages."""

from collections.abc import Sequence

from plugins.messages.backend.payloads import HistoryQuery, MessageView
from plugins.messages.backend.service import MessageService
from prickle.contract.errors import InvalidInput
from prickle.contract.http import Reply, Request, Route
from prickle.contract.log import Log
from prickle.contract.payload import MAX_SEQ
from prickle.contract.types import RoomId, Seq


class MessageRoutes:
    """HTTP in, service call, JSON out."""

    def __init__(self, service: MessageService, log: Log) -> None:
        self._service = service
        self._log = log

    def all(self) -> Sequence[Route]:
        return (
            Route(
                "GET", "/api/rooms/<room>/messages", self.history, query=HistoryQuery, result=list[MessageView],
                member_of="room",
                summary="History, newest first. `X-Next-Cursor` is the next `before`; `X-Last-Seq` the log's end that the "
                "page is as new as, to open the room with.",
            ),
            Route(
                "GET", "/api/rooms/<room>/messages/<seq>", self.one, result=MessageView, member_of="room",
                summary="One message as it is now.",
            ),
        )  # fmt: skip

    async def history(self, request: Request) -> Reply:
        page = await self._service.history(RoomId(request.path["room"]), request.query.window())
        headers = {"X-Last-Seq": str(page.last_seq)}
        if page.before is not None:
            headers["X-Next-Cursor"] = str(page.before)
        return Reply([MessageView(**self._log.wire(record)) for record in page.records], headers=headers)

    async def one(self, request: Request) -> MessageView:
        seq = request.path["seq"]
        if not (seq.isascii() and seq.isdigit() and len(seq) <= 16 and 1 <= int(seq) <= MAX_SEQ):
            raise InvalidInput("messages.invalid_seq", "The number of a message is a whole number from 1.")
        return MessageView(**self._log.wire(await self._service.get(RoomId(request.path["room"]), Seq(int(seq)))))
