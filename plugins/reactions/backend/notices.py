"""What reactions tell a room."""

from plugins.reactions.backend.payloads import ReactionUpdated
from prickle.contract.gateway import Delivery, Notice

UPDATED = Notice("reactions.updated", ReactionUpdated, Delivery.DURABLE, "Who reacts to a message with an emoji.")
