"""What typing tells a room, and what it hears of it."""

from typing import Any

from plugins.typing.backend.payloads import TypingUpdated
from prickle.contract.gateway import Delivery, Notice
from prickle.contract.payload import Payload

UPDATED = Notice("typing.updated", TypingUpdated, Delivery.EPHEMERAL, "Who is writing.")

# Notices of others, watched by their public names: nobody has to declare them for typing to work.
MESSAGE_CREATED: Notice[Any] = Notice("messages.created", Payload, Delivery.DURABLE)
MEMBER_LEFT: Notice[Any] = Notice("rooms.left", Payload, Delivery.DURABLE)
