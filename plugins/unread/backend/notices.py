"""What unread counts tell a guest's devices, and which entries of a room's log they follow."""

from typing import Any

from plugins.unread.backend.payloads import UnreadUpdated
from prickle.contract.gateway import Delivery, Notice
from prickle.contract.payload import Payload

UPDATED = Notice(
    "unread.updated", UnreadUpdated, Delivery.STATE, "To one guest: what is unread in rooms that are not open."
)

MESSAGE_CREATED: Notice[Any] = Notice("messages.created", Payload, Delivery.DURABLE)
MEMBER_LEFT: Notice[Any] = Notice("rooms.left", Payload, Delivery.DURABLE)
ROOM_DELETED: Notice[Any] = Notice("rooms.deleted", Payload, Delivery.DURABLE)
