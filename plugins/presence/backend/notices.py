"""What presence tells a room."""

from plugins.presence.backend.payloads import PresenceUpdated
from prickle.contract.gateway import Delivery, Notice

UPDATED = Notice("presence.updated", PresenceUpdated, Delivery.STATE, "Who came, went or is away.")
