"""A small set of declarations with one of each kind."""

import pytest

from prickle.apidocs import Declarations
from prickle.contract.gateway import Command, Delivery, Notice
from prickle.contract.http import Route
from prickle.contract.payload import IdField, Payload, Query, SeqField


class RoomView(Payload):
    id: IdField
    name: str
    icon: str | None = None


class RoomChange(Payload):
    name: str


class HistoryQuery(Query):
    before: SeqField | None = None
    limit: int = 50


class CreateMessage(Payload):
    room: IdField
    text: str
    reply_to: SeqField | None = None


class MessageCreated(Payload):
    seq: SeqField


async def answer(*_: object) -> None:
    """No document calls a handler."""


@pytest.fixture
def declared() -> Declarations:
    return Declarations(
        routes=[
            (
                "rooms",
                Route("GET", "/api/rooms", answer, query=HistoryQuery, result=list[RoomView], summary="Lists <rooms>."),
            ),
            ("rooms", Route("PATCH", "/api/rooms/<room>", answer, body=RoomChange, result=RoomView, member_of="room")),
            ("rooms", Route("DELETE", "/api/rooms/<room>", answer)),
            ("files", Route("POST", "/api/rooms/<room>/files", answer, stream=True, status=201, result=RoomView)),
            ("core", Route("GET", "/health", answer, auth="none")),
        ],
        commands=[
            ("messages", Command("messages.create", CreateMessage, answer, result=MessageCreated, member_of="room"))
        ],
        notices=[("messages", Notice("messages.created", MessageCreated, Delivery.DURABLE, summary="A new message."))],
        version="1.2.3",
    )
