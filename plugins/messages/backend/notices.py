"""What messages tell the people in their room."""

from plugins.messages.backend.payloads import MessageChanged, MessageView
from prickle.contract.gateway import Delivery, Notice

CREATED = Notice("messages.created", MessageView, Delivery.DURABLE, "A new message.")
UPDATED = Notice(
    "messages.updated", MessageChanged, Delivery.DURABLE, "A message has another text, or files of it have gone."
)
DELETED = Notice("messages.deleted", MessageChanged, Delivery.DURABLE, "A message was deleted; its place stays.")

NOTICES = (CREATED, UPDATED, DELETED)
